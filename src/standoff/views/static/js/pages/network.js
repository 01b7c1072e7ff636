// Columns and the lines between them; choosing a name or a commitment leaves only what it is linked with.
import { everyPage } from "./every.js";

const box = document.getElementById("network");
const svg = box.querySelector("svg.links");
const buttons = [...box.querySelectorAll("button")];
const commitments = buttons.filter((b) => b.dataset.side === "commitment");
const actor = (side, id) => buttons.find((b) => b.dataset.side === side && b.dataset.actor === id);
const links = commitments.flatMap((c) => ["debtor", "creditor"].flatMap((side) =>
  c.dataset[side].split(" ").filter(Boolean).map((id) => ({ from: c, to: actor(side, id), side })).filter((l) => l.to)));
let chosen = null;

function draw() {
  const frame = box.getBoundingClientRect();
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const live = linked();
  for (const { from, to, side } of links) {
    const row = from.closest("li").getBoundingClientRect();
    if (row.height === 0 || row.bottom < -200 || row.top > innerHeight + 200) continue;
    const a = from.closest("li").getBoundingClientRect();
    const b = to.getBoundingClientRect();
    const left = side === "debtor" ? b : a;
    const right = side === "debtor" ? a : b;
    const [x1, x2] = [left.right - frame.left, right.left - frame.left];
    const [y1, y2] = [left.top + left.height / 2 - frame.top, right.top + right.height / 2 - frame.top];
    const on = !live || (live.has(from) && live.has(to));
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const middle = (x1 + x2) / 2;
    path.setAttribute("d", `M${x1},${y1}C${middle},${y1} ${middle},${y2} ${x2},${y2}`);
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", live && on ? "#0072b2" : "#b9b2a3");
    path.setAttribute("stroke-width", live && on ? "1.6" : "0.7");
    path.setAttribute("opacity", live ? (on ? "1" : "0.08") : "0.45");
    svg.append(path);
  }
}

function linked() {
  if (!chosen) return null;
  const live = new Set([chosen]);
  for (const { from, to } of links) {
    if (from === chosen) live.add(to);
    if (to === chosen) live.add(from);
  }
  if (chosen.dataset.side !== "commitment") for (const { from, to } of links) if (live.has(from)) live.add(to);
  return live;
}

function choose(button) {
  chosen = chosen === button ? null : button;
  const live = linked();
  for (const b of buttons) {
    b.setAttribute("aria-pressed", String(b === chosen));
    b.closest("li").classList.toggle("dim", Boolean(live) && !live.has(b));
  }
  draw();
}

for (const button of buttons) button.addEventListener("click", () => choose(button));
addEventListener("resize", draw);
// The actors stay in view while the commitments scroll past, so the lines move with the page.
let waiting = 0;
addEventListener("scroll", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(draw);
}, { passive: true });
draw();
everyPage();
