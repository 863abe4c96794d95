// While an editor types: the section is read again and shown with its verdicts, and what was typed is kept.
const text = document.getElementById("text");
const preview = document.getElementById("preview");
const kept = document.getElementById("autosaved");
const form = document.getElementById("editor");
const token = form.querySelector("[name=form_token]").value;
let timer = null, saver = null, asked = 0;
let saved = text.value;

async function post(url, fields) {
  const body = new URLSearchParams({ form_token: token, ...fields });
  return fetch(url, { method: "POST", body });
}

async function check() {
  const mine = ++asked;
  const answer = await post(document.body.dataset.check, { text: text.value });
  if (mine === asked && answer.ok) preview.innerHTML = await answer.text();
}

async function keep() {
  if (text.value === saved) return;
  const value = text.value;
  try {
    const answer = await post(document.body.dataset.autosave, { text: value });
    if (answer.ok) { saved = value; kept.textContent = `已暂存 ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`; }
    else kept.textContent = "暂存失败，请先复制一份";
  } catch { kept.textContent = "连接断了，文字还在这一页；连上后自动暂存"; }
}

function insert(words) {
  const at = text.selectionStart, to = text.selectionEnd;
  text.setRangeText(words, at, to, "end");
  text.focus();
  text.dispatchEvent(new Event("input"));
}

export function start() {
  text.addEventListener("input", () => {
    clearTimeout(timer); clearTimeout(saver);
    timer = setTimeout(check, 250);
    saver = setTimeout(keep, 900);
  });
  setInterval(keep, 15000);
  addEventListener("pagehide", () => {
    if (text.value === saved) return;
    navigator.sendBeacon(document.body.dataset.autosave, new URLSearchParams({ form_token: token, text: text.value }));
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "insert") { event.preventDefault(); delete form.dataset.sent; insert(button.dataset.words); }
    else if (button?.value === "check") { event.preventDefault(); delete form.dataset.sent; check(); }
    else saved = text.value;
  });
  const find = document.getElementById("find");
  const rows = [...document.querySelectorAll("#facts .fact")];
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  });
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.querySelector("[value=save]").click(); }
  });
  const at = Number(new URL(location.href).searchParams.get("at"));
  const to = Number(new URL(location.href).searchParams.get("to"));
  if (to > at) { text.focus(); text.setSelectionRange(at, to); }
}
