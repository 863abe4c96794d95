// Better with JavaScript, whole without it. Each page names itself in <body data-page>; its module is loaded then.
const page = document.body.dataset.page;
document.documentElement.classList.add("js");

const modules = { board: "./live.js", live: "./live.js", proof: "./proof.js", mend: "./mend.js" };
if (modules[page]) {
  const stamp = new URL(import.meta.url).search;
  import(modules[page] + stamp).then((module) => module.start?.(page));
}

// A form is sent once: a second click on a slow line does not draft or publish twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});

const KEYS = [["j / ↓", "下一个数字"], ["k / ↑", "上一个数字"], ["n", "下一处待处理"], ["f", "只看需要我的"], ["e", "修改这一节"], ["t", "回到今日"], ["?", "这张表"]];
function help() {
  let box = document.querySelector("dialog.keys");
  if (!box) {
    box = document.createElement("dialog");
    box.className = "keys card";
    const rows = KEYS.map(([key, what]) => {
      const row = document.createElement("p");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      row.append(cap, " ", what);
      return row;
    });
    const form = document.createElement("form");
    form.method = "dialog";
    const close = document.createElement("button");
    close.textContent = "关闭";
    form.append(close);
    box.append(...rows, form);
    document.body.append(box);
  }
  box.showModal();
}

export function typing(event) {
  const at = event.target;
  return event.ctrlKey || event.metaKey || event.altKey || at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox";
}
document.addEventListener("keydown", (event) => {
  if (typing(event)) return;
  if (event.key === "?") help();
  else if (event.key === "t") location.href = "/";
});
