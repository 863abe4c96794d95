// Today's board and a draft on its way: a stream says that something changed, the page's own HTML says what.
async function refresh(url, id) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (answer.redirected && !answer.url.includes(location.pathname)) { location.href = answer.url; return; }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  const old = document.getElementById(id);
  if (!fresh || !old) return;
  const focus = document.activeElement?.closest(`#${id}`) ? focusPath(document.activeElement, old) : null;
  const pieces = [...old.querySelectorAll("[data-slot], [data-piece], #progress")];
  for (const piece of pieces) {
    const key = piece.dataset.slot ? `[data-slot="${piece.dataset.slot}"]` : piece.dataset.piece ? `[data-piece="${piece.dataset.piece}"]` : "#progress";
    const next = fresh.querySelector(key);
    if (next && next.innerHTML !== piece.innerHTML) piece.replaceWith(next);
  }
  if (focus) old.querySelector(focus)?.focus();
}
function focusPath(at, root) {
  const box = at.closest("[data-slot]");
  return box && root.contains(box) ? `[data-slot="${box.dataset.slot}"] ${at.tagName.toLowerCase()}` : null;
}

export function start(page) {
  let busy = false, again = false;
  const url = page === "board" ? location.href : `${document.body.dataset.here}`;
  const id = page === "board" ? "board" : "live";
  const look = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try { await refresh(url, id); } finally { busy = false; if (again) { again = false; setTimeout(look, 150); } }
  };
  const source = new EventSource(page === "board" ? "/pulse" : document.body.dataset.events);
  source.addEventListener("changed", look);
  source.addEventListener("told", look);
  source.addEventListener("over", () => { source.close(); look(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  if (page === "board") setInterval(look, 30000);
}
