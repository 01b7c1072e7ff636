// The bars of the ledger: fetched when the page is open, drawn by the server as in the report.
import { element } from "../common.js";
import { everyPage, getJson, putMarkup } from "./every.js";

const asked = new URLSearchParams(location.search);
const account = document.getElementById("account").value;
const holder = document.getElementById("bars-chart");
const all = document.getElementById("all-accounts");
const whole = document.getElementById("whole");

// The pictures come from the server, which escapes every text in them; links keep the day and the log that are asked.
function show(page) {
  holder.replaceChildren();
  if (!page.pictures) {
    holder.append(element("p", "", "No commitment has fallen due."));
    return;
  }
  for (const width of ["wide", "narrow"]) {
    const box = element("div", width);
    putMarkup(box, page.pictures[width]);
    holder.append(box);
  }
  for (const link of holder.querySelectorAll("a[href]")) {
    const address = new URL(link.getAttribute("href"), location.href);
    address.searchParams.set("account", account);
    for (const key of ["on", "as_of", "log", "skip_bad"]) if (asked.get(key)) address.searchParams.set(key, asked.get(key));
    link.setAttribute("href", `${address.pathname}${address.search}${address.hash}`);
    if (address.searchParams.get("commitment") === asked.get("commitment")) link.classList.add("chosen");
  }
}

async function load() {
  const query = new URLSearchParams();
  if (!all.checked) query.set("account", account);
  if (whole.checked) query.set("whole", "yes");
  for (const key of ["log", "skip_bad"]) if (asked.get(key)) query.set(key, asked.get(key));
  if (document.getElementById("on").value) query.set("on", document.getElementById("on").value);
  const page = await getJson(`ledger/bars.json?${query}`);
  document.getElementById("bars-title").textContent = page.title;
  document.getElementById("bars-definition").textContent = `${page.figure?.definition || ""} Choose a commitment to see why.`;
  document.getElementById("bars-n").textContent = page.figure ? `${page.figure.n}.` : "";
  for (const link of document.querySelectorAll("#bars-links a")) link.href = `${link.getAttribute("href").split("?")[0]}?${query}`;
  show(page);
}

const failed = () => holder.replaceChildren(element("p", "small", "The ledger could not be read; see the problems."));
for (const box of [all, whole]) box.addEventListener("change", () => load().catch(failed));
load().catch(failed);
everyPage();
