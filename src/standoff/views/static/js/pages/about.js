import { everyPage } from "./every.js";

everyPage();
// A link to a closed list opens it.
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target?.tagName === "DETAILS") target.open = true;
}
addEventListener("hashchange", reveal);
reveal();
