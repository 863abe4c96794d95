// From figure to figure by key or click; the evidence of the current one is open beside the report.
const cards = [...document.querySelectorAll("details.proof")];
const byNumber = new Map(cards.map((card) => [card.dataset.n, card]));
const inReport = (n) => document.querySelectorAll(`.report .fig[data-n="${n}"]`);
const order = [];
for (const fig of document.querySelectorAll(".report .fig[data-n]")) {
  if (byNumber.has(fig.dataset.n) && !order.includes(fig.dataset.n)) order.push(fig.dataset.n);
}
const place = document.getElementById("place");
const mine = document.getElementById("mine");
const panel = document.querySelector(".evidence");
let current = null;

// In the order of the list: what stops a release before what sources dispute.
const waiting = cards.filter((card) => card.classList.contains("needs")).map((card) => card.dataset.n);

function visible() { return mine?.checked ? order.filter((n) => byNumber.get(n).classList.contains("needs")) : order; }

function show(n, { scroll = true } = {}) {
  const card = byNumber.get(n);
  if (!card) return;
  if (current && current !== n) {
    inReport(current).forEach((fig) => fig.classList.remove("current"));
    const old = byNumber.get(current);
    old.classList.remove("current");
    old.open = false;
  }
  current = n;
  card.open = true;
  card.classList.add("current");
  const figs = inReport(n);
  figs.forEach((fig) => fig.classList.add("current"));
  const header = panel.querySelector("header").offsetHeight;
  panel.scrollTop = card.offsetTop - header;
  if (scroll && figs.length) figs[0].scrollIntoView({ block: "center", behavior: "instant" });
  const shown = visible();
  place.textContent = `${shown.indexOf(n) + 1} / ${shown.length}`;
  history.replaceState(null, "", `#v${n}`);
}

function step(by, needs = false) {
  const shown = needs ? waiting : visible();
  if (!shown.length) return;
  let at = shown.indexOf(current);
  if (at < 0 && !needs) {
    const here = order.indexOf(current);
    at = by > 0 ? shown.findIndex((n) => order.indexOf(n) > here) - 1 : shown.length;
    if (at < -1) at = -1;
  }
  show(shown[(at + by + shown.length) % shown.length]);
}

export function start() {
  for (const card of cards) card.open = false;
  document.querySelector(".report").addEventListener("click", (event) => {
    const fig = event.target.closest(".fig[data-n], a.cite");
    const n = fig?.dataset.n ?? fig?.querySelector(".fig[data-n]")?.dataset.n;
    if (!n || !byNumber.has(n)) return;
    event.preventDefault();
    show(n, { scroll: false });
  });
  for (const card of cards) {
    card.querySelector("summary").addEventListener("click", (event) => { event.preventDefault(); show(card.dataset.n); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox") return;
    const acts = { j: () => step(1), ArrowDown: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), ArrowLeft: () => step(-1),
      n: () => step(1, true), p: () => step(-1, true), f: () => { mine.checked = !mine.checked; mine.dispatchEvent(new Event("change")); }, e: edit };
    if (acts[event.key] && !(at.tagName === "BUTTON" && event.key === "Enter")) { event.preventDefault(); acts[event.key](); }
  });
  mine?.addEventListener("change", () => { const shown = visible(); if (!shown.includes(current) && shown.length) show(shown[0]); });
  const asked = location.hash.match(/^#[vn](\d+)$/)?.[1];
  const first = waiting[0];
  if (asked && byNumber.has(asked)) show(asked);
  else if (first) show(first, { scroll: false });
  watch();
}

function edit() {
  const figure = current && inReport(current)[0];
  const section = figure?.closest("section[data-section]");
  const link = section?.querySelector(".tools a[href*='/sections/']");
  if (link) location.href = link.href + (current ? `?figure=${current}` : "");
}

// Somebody else saved a newer draft of this slot: say so, and change nothing under the reader's eyes.
function watch() {
  const source = new EventSource("/pulse");
  source.addEventListener("changed", async () => {
    const answer = await fetch(location.pathname + "/newest");
    if (!answer.ok) return;
    const newest = await answer.json();
    if (newest.draft_id === location.pathname.split("/").pop() || document.querySelector(".newer")) return;
    const told = document.createElement("div");
    told.className = "refusal newer";
    told.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = `/drafts/${newest.draft_id}`;
    link.textContent = `${newest.by || "机器"} 保存了第 ${newest.number} 稿，去看新稿`;
    told.append(link);
    document.querySelector(".counts").before(told);
  });
}
