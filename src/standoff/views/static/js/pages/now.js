// The map and its day. The server draws; this steps through the days, zooms, and lets a place or an event be chosen.
import { day as dayText, root } from "../common.js";
import { everyPage, getJson, putMarkup, remember } from "./every.js";

const state = JSON.parse(document.getElementById("now-data").textContent);
const { first, last } = state;
const $ = (id) => document.getElementById(id);
const holder = document.querySelector("#map .chart");
const pictures = { wide: holder.querySelector(".wide svg"), narrow: holder.querySelector(".narrow svg") };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

const iso = (date) => date.toISOString().slice(0, 10);
const shift = (text, days) => iso(new Date(Date.parse(`${text}T00:00:00Z`) + days * 86400000));
const between = (low, value, high) => (value < low ? low : value > high ? high : value);
const since = (text) => Math.round((Date.parse(text) - Date.parse(first)) / 86400000);
const each = (selector) => Object.values(pictures).flatMap((svg) => [...svg.querySelectorAll(selector)]);

// A long log that is being read: the answer comes when it is read, well or not, and the page is shown again with it.
const reading = $("reading");
if (reading) {
  const asked = new URLSearchParams({ account: state.account, log: reading.dataset.log, skip_bad: state.skip_bad });
  fetch(`${root}now/day.json?${asked}`).then(() => location.reload(), () => {});
}

// Places: one tab stop; arrow keys go to the nearest place in that direction; Enter or a click chooses.
const where = (node) => node.getAttribute("transform").match(/-?[\d.]+/g).map(Number);

function ahead(node, [right, down]) {
  const [x, y] = where(node);
  let best = null;
  for (const other of node.closest("svg").querySelectorAll(".place")) {
    const [a, b] = where(other);
    const along = (a - x) * right + (b - y) * down;
    const cost = along + 2 * (Math.abs((a - x) * down) + Math.abs((b - y) * right));
    if (other !== node && along > 0.5 && (!best || cost < best.cost)) best = { other, cost };
  }
  return best?.other;
}

const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
for (const svg of Object.values(pictures)) {
  const places = [...svg.querySelectorAll(".place")];
  (places.find((node) => node.dataset.place === state.place) || places[0])?.setAttribute("tabindex", "0");
  svg.addEventListener("click", (event) => {
    const node = event.target.closest(".place, .event");
    if (!node || dragged) return;
    if (node.dataset.event) chooseEvent(node.dataset.event);
    else if (node.dataset.place) choosePlace(node.dataset.place);
  });
  svg.addEventListener("keydown", (event) => {
    const node = event.target.closest(".place");
    if (!node) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choosePlace(node.dataset.place);
    }
    const next = ways[event.key] && ahead(node, ways[event.key]);
    if (ways[event.key]) event.preventDefault();
    if (!next) return;
    node.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}

function choosePlace(id) {
  state.place = state.place === id ? "" : id;
  state.event = "";
  ask();
  save();
}

function chooseEvent(id) {
  state.event = state.event === id ? "" : id;
  mark();
  save();
}

function mark() {
  for (const node of each(".place")) {
    node.classList.toggle("chosen", node.dataset.place === state.place);
    node.setAttribute("aria-pressed", String(node.dataset.place === state.place));
  }
  for (const node of each(".event")) node.classList.toggle("chosen", Boolean(state.event) && node.dataset.event === state.event);
  for (const item of document.querySelectorAll("#events li")) item.classList.toggle("chosen", Boolean(state.event) && item.dataset.event === state.event);
  document.querySelector("#events li.chosen")?.scrollIntoView({ block: "nearest" });
}

$("listed").addEventListener("click", (event) => {
  if (event.target.closest("button.pick")) chooseEvent(event.target.closest("li").dataset.event);
});

// The day: what can follow at once does; marks and words of the day come from the server when it rests.
function query() {
  const values = { account: state.account, on: state.on, days: state.days, place: state.place, log: state.log, skip_bad: state.skip_bad };
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
}

function step() {
  for (const zone of each(".zone")) {
    const { from, until } = zone.dataset;
    const holds = (!from || from <= state.on) && (!until || state.on <= until);
    if (holds) zone.removeAttribute("display");
    else zone.setAttribute("display", "none");
  }
  $("today").textContent = dayText(state.on);
  $("asof").textContent = dayText(state.on);
  $("day").value = since(state.on);
  $("day").setAttribute("aria-valuetext", dayText(state.on));
  for (const bar of document.querySelectorAll("#timeline rect.window")) {
    const svg = bar.ownerSVGElement.viewBox.baseVal.width;
    const day = (svg * (0.985 - 0.06)) / (since(last) + 1);
    bar.setAttribute("width", Math.max(day * state.days, 2));
    bar.setAttribute("x", svg * 0.06 + day * (since(state.on) + 1) - day * state.days);
  }
}

let asked = 0;
async function ask() {
  const mine = (asked += 1);
  let page;
  try {
    page = await getJson(`now/day.json?${query()}`);
  } catch {
    return; // the page is being left, or the server has stopped; what is shown stays
  }
  if (mine !== asked) return;
  for (const [width, svg] of Object.entries(pictures)) {
    putMarkup(svg.querySelector(".events-layer"), page.layers[width].events);
    putMarkup(svg.querySelector(".areas-layer"), page.layers[width].areas);
  }
  $("finding").textContent = page.title;
  $("n").textContent = page.n.toLocaleString("en-GB");
  putMarkup($("listed"), page.list);
  const note = $("chosen");
  note.replaceChildren();
  const name = state.place && each(".place").find((node) => node.dataset.place === state.place)?.getAttribute("aria-label");
  if (name) {
    const all = document.createElement("button");
    all.type = "button";
    all.textContent = "Show all";
    all.addEventListener("click", () => choosePlace(state.place));
    note.append(`Only ${name}. `, all);
  }
  $("csv").href = `${root}now.csv?${query()}`;
  for (const link of document.querySelectorAll(".downloads a")) link.href = `${link.getAttribute("href").split("?")[0]}?${query()}`;
  const beside = new URLSearchParams(query());
  for (const key of ["days", "place"]) beside.delete(key);
  $("to-ledger").href = `${root}ledger?${beside}`;
  mark();
  ledger();
}

let counted = "";
async function ledger() {
  const wanted = `${state.on}|${state.days}`;
  if (counted === wanted) return;
  counted = wanted;
  try {
    const page = await getJson(`now/ledger.json?${new URLSearchParams({ account: state.account, on: state.on, days: state.days })}`);
    if (counted === wanted) putMarkup($("summary"), page.html);
  } catch {
    if (!$("summary").querySelector(".counts")) $("summary").textContent = "The ledger could not be read; see the problems.";
  }
}

function save() {
  remember({ account: state.account, on: state.on, days: state.days === 30 ? "" : state.days, place: state.place, event: state.event });
}

let resting = 0;
function moveTo(on) {
  state.on = between(first, on, last);
  step();
  clearTimeout(resting);
  resting = setTimeout(() => {
    $("on").value = state.on;
    save();
    ask();
  }, 150);
}

let playing = false;
async function play() {
  playing = !playing;
  $("play").setAttribute("aria-pressed", String(playing));
  $("play").textContent = playing ? "Stop" : "Play";
  while (playing && state.on < last) {
    state.on = shift(state.on, 1);
    step();
    save();
    await Promise.all([ask(), new Promise((done) => setTimeout(done, still ? 400 : 120))]);
  }
  if (playing) play();
}

$("back").addEventListener("click", () => moveTo(shift(state.on, -1)));
$("forward").addEventListener("click", () => moveTo(shift(state.on, 1)));
$("play").addEventListener("click", play);
$("day").addEventListener("input", (event) => moveTo(shift(first, Number(event.target.value))));
$("days").addEventListener("change", (event) => {
  state.days = Number(event.target.value);
  moveTo(state.on);
});
$("log")?.addEventListener("change", (event) => event.target.form.requestSubmit());

// Zoom: the ground grows, marks and names keep their size.
const view = { k: 1, x: 0, y: 0 };
function zoom(k, cx = 0.5, cy = 0.5) {
  const next = between(1, k, 16);
  view.x = cx - ((cx - view.x) * next) / view.k;
  view.y = cy - ((cy - view.y) * next) / view.k;
  view.k = next;
  place();
}

function place() {
  view.x = between(1 - view.k, view.x, 0);
  view.y = between(1 - view.k, view.y, 0);
  for (const svg of Object.values(pictures)) {
    const width = svg.viewBox.baseVal.width;
    const height = Number(svg.querySelector(".map").dataset.height);
    const layer = svg.querySelector(".zoomed");
    layer.setAttribute("transform", `translate(${view.x * width},${view.y * height}) scale(${view.k})`);
    layer.style.setProperty("--unzoom", 1 / view.k);
    svg.querySelector(".scale-bar").setAttribute("display", view.k === 1 ? "inline" : "none");
  }
}

let drag = null;
let dragged = false;
function share(event) {
  const svg = event.currentTarget;
  const box = svg.getBoundingClientRect();
  const height = (Number(svg.querySelector(".map").dataset.height) / svg.viewBox.baseVal.height) * box.height;
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / height];
}
for (const svg of Object.values(pictures)) {
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(view.k * (event.deltaY < 0 ? 1.25 : 0.8), ...share(event));
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (view.k > 1 && event.button === 0) drag = { at: share(event), x: view.x, y: view.y };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = share(event);
    if (Math.hypot(x - drag.at[0], y - drag.at[1]) > 0.01) dragged = true;
    view.x = drag.x + x - drag.at[0];
    view.y = drag.y + y - drag.at[1];
    place();
  });
}
addEventListener("pointerup", () => { drag = null; });
$("zoom-in").addEventListener("click", () => zoom(view.k * 1.6));
$("zoom-out").addEventListener("click", () => zoom(view.k / 1.6));
$("zoom-reset").addEventListener("click", () => zoom(1));

mark();
if ($("summary").querySelector(".counts")) counted = `${state.on}|${state.days}`;
else ledger();
everyPage(() => location.reload());
