"use strict";
(() => {
  document.documentElement.classList.remove("no-script");
  const words = document.getElementById("words");
  if (!words) return;
  const boxes = [...document.querySelectorAll(".choices input")];
  const sift = () => {
    const wanted = words.value.trim().toLowerCase().split(/\s+/);
    const chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let any = false;
    for (const day of document.querySelectorAll(".day")) {
      let here = false;
      for (const item of day.querySelectorAll("li")) {
        const text = item.textContent.toLowerCase();
        const fits = chosen.has(item.dataset.edition) && wanted.every((word) => text.includes(word));
        item.hidden = !fits;
        here = here || fits;
      }
      day.hidden = !here;
      any = any || here;
    }
    document.getElementById("none").hidden = any;
  };
  words.form.addEventListener("submit", (event) => event.preventDefault());
  words.form.addEventListener("input", sift);
})();
