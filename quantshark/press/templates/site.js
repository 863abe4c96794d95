"use strict";
(() => {
  document.documentElement.classList.remove("no-script");
  const box = document.getElementById("words");
  if (!box) return;
  const told = document.getElementById("told"), none = document.getElementById("none");
  const lists = document.querySelectorAll(".day, .month"), found = document.querySelector(".found");
  const total = told.textContent;
  let rows = null, asked = null;

  const read = () => asked ??= fetch("search.json").then((answer) => answer.ok ? answer.json() : null)
    .then((json) => { rows = json; }).catch(() => { rows = null; });

  const line = (tag, kind, text) => {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.textContent = text;
    return made;
  };

  const gist = (row, words) => {
    const whole = `${row.summary} ${row.words}`, at = whole.toLowerCase().indexOf(words[0]);
    if (at < 0) return row.summary;
    const from = Math.max(0, at - 30);
    return (from ? "…" : "") + whole.slice(from, at + 90) + "…";
  };

  const entry = (row, words) => {
    const item = document.createElement("li"), link = line("a", "", row.title), head = document.createElement("h3");
    link.href = row.page;
    head.append(link);
    item.append(line("p", "kind", `${row.day} · ${row.name}`), head, line("p", "gist", gist(row, words)));
    return item;
  };

  const ask = (words) => {
    const fits = rows.filter((row) => (!box.dataset.edition || row.edition === box.dataset.edition)
      && words.every((word) => `${row.day} ${row.name} ${row.title} ${row.summary} ${row.words}`.toLowerCase().includes(word)));
    found.firstElementChild.replaceChildren(...fits.slice(0, 200).map((row) => entry(row, words)));
    for (const list of lists) list.hidden = true;
    found.hidden = !fits.length;
    return fits.length;
  };

  const sift = (words) => {
    let count = 0;
    for (const list of lists) {
      let here = 0;
      for (const item of list.querySelectorAll("li")) {
        const text = item.textContent.toLowerCase(), fits = words.every((word) => text.includes(word));
        item.hidden = !fits;
        here += fits ? 1 : 0;
      }
      list.hidden = !here;
      count += here;
    }
    return count;
  };

  const search = async () => {
    const words = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) await read();
    found.hidden = true;
    const count = words.length && rows ? ask(words) : sift(words);
    // Opened as a file, a page may not read the index of texts beside it: then say what was searched.
    const less = rows ? "" : "（只搜了标题和摘要）";
    told.textContent = words.length ? `找到 ${count} 篇${less}` : total;
    none.hidden = count > 0;
  };
  box.form.addEventListener("submit", (event) => event.preventDefault());
  box.form.addEventListener("input", search);
})();
