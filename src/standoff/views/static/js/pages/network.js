// The server draws; whoever points at or tabs to a name sees what it is linked with. Links work without this.
import { everyPage } from "./every.js";

// Some views of the page draw nothing, for want of lines.
const svg = document.querySelector(".network .wide svg, figure .wide svg");
const links = [...(svg?.querySelectorAll(".link") ?? [])];
const nodes = new Map([...(svg?.querySelectorAll(".node") ?? [])].map((node) => [node.dataset.node, node]));

function show(name) {
  const live = new Set([name]);
  for (const { dataset } of links) {
    if (dataset.from === name) live.add(dataset.to);
    if (dataset.to === name) live.add(dataset.from);
  }
  if (name?.includes("-") && !links.some((link) => link.dataset.to === name)) {
    for (const { dataset } of links) if (live.has(dataset.to)) live.add(dataset.from);
  }
  for (const [id, node] of nodes) node.classList.toggle("dim", Boolean(name) && !live.has(id));
  for (const link of links) {
    const on = Boolean(name) && live.has(link.dataset.from) && live.has(link.dataset.to);
    link.classList.toggle("on", on);
    link.classList.toggle("dim", Boolean(name) && !on);
  }
}

const named = (event) => event.target.closest(".node")?.dataset.node || event.target.querySelector?.(".node")?.dataset.node || "";
svg?.addEventListener("pointerover", (event) => show(event.target.closest("a") ? named(event) : ""));
svg?.addEventListener("pointerleave", () => show(""));
svg?.addEventListener("focusin", (event) => show(named(event)));
svg?.addEventListener("focusout", () => show(""));
everyPage();
