import { everyPage } from "./every.js";

everyPage();

// One key each, outside the fields; Escape leaves a field.
const form = document.querySelector("#decide");
const press = (act) => form?.querySelector(`button[value="${act}"]`)?.click();
const keys = {
  a: () => press("accept"),
  n: () => press("next"),
  u: () => press("undo"),
  s: () => press("split"),
  m: () => press("merge"),
  "+": () => press("wider"),
  "-": () => press("narrower"),
  e: () => document.querySelector("#f-text")?.focus(),
  r: () => {
    const reason = document.querySelector("#reason");
    if (reason?.value) press("reject");
    else reason?.focus();
  },
  y: () => {
    const why = document.querySelector("#why");
    if (why) why.open = !why.open;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (field && event.key === "Escape") field.blur();
  if (field && field.id === "reason" && event.key === "Enter") {
    event.preventDefault();
    press("reject");
  }
  if (field || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

document.querySelector("#sentence mark")?.scrollIntoView({ block: "center" });
window.scrollTo(0, 0);
