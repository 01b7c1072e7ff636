// Draws every figure of a page from the JSON beside it, and again when the width changes or the page is printed.
import { breaks, differences, matters, outlook, shifts } from "./strips.js";
import { dots } from "./dots.js";
import { fan } from "./fan.js";
import { ledger } from "./ledger.js";
import { map } from "./map.js";

const KINDS = { breaks, differences, dots, fan, ledger, map, matters, outlook, shifts };

export function drawFigure(section, options = {}) {
  const holder = section.querySelector(".chart");
  const data = JSON.parse(section.querySelector("script[type='application/json']").textContent);
  const before = holder.clientHeight;
  if (before) holder.style.minHeight = `${before}px`;
  holder.replaceChildren();
  const made = KINDS[section.dataset.kind](holder, data, options);
  holder.style.minHeight = "";
  return made;
}

export function drawAll() {
  const start = performance.now();
  for (const section of document.querySelectorAll("figure[data-kind]")) {
    drawFigure(section);
    section.dataset.width = section.clientWidth;
  }
  document.documentElement.dataset.drawn = Math.round(performance.now() - start);
}

export function keepDrawn() {
  drawAll();
  let waiting = 0;
  const again = () => {
    const changed = [...document.querySelectorAll("figure[data-kind]")].some((s) => Number(s.dataset.width) !== s.clientWidth);
    if (changed) drawAll();
  };
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(again, 120);
  });
  addEventListener("beforeprint", again);
  addEventListener("afterprint", again);
  matchMedia("print").addEventListener("change", again);
}
