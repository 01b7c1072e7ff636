// The list follows the files: it is fetched again each time the case has been read again.
import { element } from "../common.js";
import { everyPage, getJson } from "./every.js";

async function show() {
  const page = await getJson("problems.json");
  const list = document.getElementById("problems");
  list.dataset.version = page.version;
  document.querySelector("#status strong").textContent = page.title;
  const items = page.problems.map((p) => {
    const made = element("li");
    const what = element("p");
    what.append(element("span", "tag", p.severity), " ", element("code", "", p.line ? `${p.file}:${p.line}` : p.file), ` ${p.what}`);
    made.append(what);
    if (p.expected || p.hint) made.append(element("p", "small", `${p.expected ? `Expected ${p.expected}. ` : ""}${p.hint}`));
    return made;
  });
  list.replaceChildren(...(items.length ? items : [element("li", "", "No problem: the case is clean.")]));
}

everyPage(show);
