"use strict";
(() => {
  document.documentElement.classList.remove("no-script");
  let pop = null, opener = null;

  const close = (back) => {
    if (!pop) return;
    pop.remove();
    opener.removeAttribute("aria-expanded");
    if (back) opener.focus({ preventScroll: true });
    pop = opener = null;
  };

  const place = () => {
    const at = opener.getClientRects()[0], box = pop.getBoundingClientRect(), gap = 10;
    const below = at.bottom + gap + box.height <= innerHeight - gap;
    const top = below ? at.bottom + gap : Math.max(gap, at.top - gap - box.height);
    const left = Math.min(Math.max(gap, at.left + at.width / 2 - box.width / 2), innerWidth - box.width - gap);
    pop.style.top = top + "px";
    pop.style.left = left + "px";
  };

  const open = (link, card) => {
    close(false);
    opener = link;
    pop = document.createElement("div");
    pop.className = card.className + " pop";
    pop.setAttribute("role", "dialog");
    pop.setAttribute("aria-label", card.querySelector(".head strong").textContent + " 的出处");
    pop.tabIndex = -1;
    for (const node of card.childNodes) pop.append(node.cloneNode(true));
    const shut = document.createElement("button");
    shut.type = "button";
    shut.className = "shut";
    shut.textContent = "×";
    shut.setAttribute("aria-label", "关闭");
    shut.addEventListener("click", () => close(true));
    pop.append(shut);
    (link.closest("figure") || link).after(pop);
    link.setAttribute("aria-expanded", "true");
    place();
    pop.focus({ preventScroll: true });
  };

  for (const link of document.querySelectorAll("a.fig, a.cite")) link.setAttribute("aria-haspopup", "dialog");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.fig, a.cite");
    if (link) {
      const card = document.getElementById((link.getAttribute("href") || "").slice(1));
      if (!card) return;
      event.preventDefault();
      if (link === opener) close(true);
      else open(link, card);
    } else if (pop && !pop.contains(event.target)) close(false);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
  addEventListener("resize", () => { if (pop) place(); });
  addEventListener("scroll", () => { if (pop && matchMedia("(min-width: 641px)").matches) place(); }, { passive: true });
})();
