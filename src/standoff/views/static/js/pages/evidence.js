// Claim and place select each other: in the list, in the text, and in the address.
import { everyPage, remember } from "./every.js";

const items = [...document.querySelectorAll("[data-claim]")];
const marks = [...document.querySelectorAll("mark[data-claims]")];

function choose(id, from) {
  for (const item of items) {
    const on = item.dataset.claim === id;
    item.classList.toggle("chosen", on);
    if (on) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
    if (on && from !== "list") item.scrollIntoView({ block: "nearest" });
  }
  let seen = false;
  for (const mark of marks) {
    const on = mark.dataset.claims.split(" ").includes(id);
    mark.classList.toggle("chosen", on);
    if (on && !seen && from !== "text") mark.scrollIntoView({ block: "center" });
    seen = seen || on;
  }
  remember({ claim: id });
}

for (const mark of marks) {
  mark.tabIndex = 0;
  mark.setAttribute("role", "button");
  mark.setAttribute("aria-label", `${mark.textContent}: ${mark.dataset.claims.split(" ").length} claims here`);
  const pick = () => choose(mark.dataset.claims.split(" ")[0], "text");
  mark.addEventListener("click", pick);
  mark.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pick();
    }
  });
}
for (const item of items) {
  item.querySelector("a")?.addEventListener("click", (event) => {
    const id = item.dataset.claim;
    if (event.ctrlKey || event.metaKey || !marks.some((m) => m.dataset.claims.split(" ").includes(id))) return;
    event.preventDefault();
    choose(id, "list");
  });
}
// The page opens at its head, where the claim stands with what it meets: only the text and the list move.
for (const chosen of document.querySelectorAll("mark.chosen, li[data-claim].chosen")) {
  const box = chosen.closest(".scroll");
  if (box) box.scrollTop += chosen.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
}
everyPage();
