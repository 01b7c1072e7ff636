// The bars of the ledger: fetched when the page is open, drawn by the same module as in the report.
import { element } from "../common.js";
import { ledger } from "../ledger.js";
import { everyPage, getJson } from "./every.js";

const asked = new URLSearchParams(location.search);
const account = document.getElementById("account").value;
const holder = document.getElementById("bars-chart");
const all = document.getElementById("all-accounts");
const whole = document.getElementById("whole");
let data = null;

function draw() {
  holder.replaceChildren();
  if (!data) {
    holder.append(element("p", "", "No commitment has fallen due."));
    return;
  }
  const link = (lane) => {
    const query = new URLSearchParams({ account });
    for (const key of ["on", "as_of", "log", "skip_bad"]) if (asked.get(key)) query.set(key, asked.get(key));
    query.set("commitment", lane.commitment);
    return `/ledger?${query}#why`;
  };
  ledger(holder, data, { link, chosen: asked.get("commitment"), on: document.getElementById("on").value });
}

async function load() {
  const query = new URLSearchParams();
  if (!all.checked) query.set("account", account);
  if (whole.checked) query.set("whole", "yes");
  for (const key of ["log", "skip_bad"]) if (asked.get(key)) query.set(key, asked.get(key));
  const page = await getJson(`/ledger/bars.json?${query}`);
  data = page.figure?.data;
  document.getElementById("bars-title").textContent = page.title;
  document.getElementById("bars-definition").textContent = `${page.figure?.definition || ""} Choose a commitment to see why.`;
  document.getElementById("bars-n").textContent = page.figure ? `${page.figure.n}.` : "";
  document.getElementById("bars-csv").href = `/ledger/bars.csv?${query}`;
  draw();
}

const failed = () => holder.replaceChildren(element("p", "small", "The ledger could not be read; see the problems."));
for (const box of [all, whole]) box.addEventListener("change", () => load().catch(failed));
load().catch(failed);
let width = holder.clientWidth;
addEventListener("resize", () => {
  if (Math.abs(holder.clientWidth - width) < 2) return;
  width = holder.clientWidth;
  draw();
});
everyPage();
