// What every page does: the account switch acts at once, and the count of problems follows the files.

import { root } from "../common.js";

export function everyPage(onCase) {
  const select = document.getElementById("account");
  // A pointer's choice acts at once; arrow keys pass over accounts, so a keyboard user presses Switch.
  let keyed = false;
  select?.addEventListener("keydown", () => { keyed = true; });
  select?.addEventListener("pointerdown", () => { keyed = false; });
  select?.addEventListener("change", () => { if (!keyed) select.form.requestSubmit(); });
  const source = new EventSource(`${root}events`);
  let first = null;
  source.addEventListener("case", (event) => {
    const told = JSON.parse(event.data);
    const count = document.getElementById("problem-count");
    if (count) count.textContent = told.problems ? `(${told.problems})` : "";
    const stale = document.getElementById("stale");
    if (stale) stale.hidden = told.current;
    if (first !== null && told.version !== first && onCase) onCase(told);
    first = told.version;
  });
  addEventListener("pagehide", () => source.close());
}

/** Put markup of the server into an element; its links begin where the case does. */
export function putMarkup(box, markup) {
  box.innerHTML = markup; // escaped where it is written
  for (const link of box.querySelectorAll("[href^='/']")) link.setAttribute("href", root + link.getAttribute("href").slice(1));
}

/** Keep the state of the page in its address, without a new entry for every step. */
export function remember(values) {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(values)) {
    if (value === "" || value === null || value === undefined) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  history.replaceState(null, "", url);
}

/** @param {string} path  below the root of the case, without a slash */
export async function getJson(path) {
  const answer = await fetch(root + path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
