// The map with its day: marks, lists and the ledger's summary all follow one state, which the address holds.
/* global d3 */
import { day as dayText, element } from "../common.js";
import { map, zoneOn } from "../map.js";
import { everyPage, getJson, remember } from "./every.js";

const told = JSON.parse(document.getElementById("now-data").textContent);
const state = { on: told.on, days: told.days, place: told.place, event: told.event, account: told.account };
const $ = (id) => document.getElementById(id);
const holder = document.querySelector("#map .chart");
let drawn = null;
let changes = null;

const iso = (date) => date.toISOString().slice(0, 10);
const shift = (text, days) => iso(new Date(Date.parse(`${text}T00:00:00Z`) + days * 86400000));
const between = (low, value, high) => (value < low ? low : value > high ? high : value);

function draw() {
  holder.replaceChildren();
  drawn = map(holder, { ...told.map, events: [] }, { interactive: true, label: "Map of the region. Arrow keys go from place to place." });
  drawn.eventLayer = drawn.layer.insert("g", "g.labels").attr("class", "events-layer");
  drawn.zoom = d3.zoom().scaleExtent([1, 12]).translateExtent([[0, 0], [drawn.width, drawn.height]])
    .filter((event) => event.type !== "wheel" || event.ctrlKey)
    .on("zoom", (event) => drawn.layer.attr("transform", event.transform));
  drawn.svg.call(drawn.zoom);
  keys();
  step();
}

// One tab stop for all places; arrow keys go to the nearest place in that direction.
function keys() {
  const nodes = drawn.svg.selectAll(".place").nodes();
  const where = new Map(told.map.places.map((p) => [p.id, drawn.at(p.lon, p.lat)]));
  const stop = nodes.find((n) => n.dataset.place === state.place) || nodes[0];
  stop?.setAttribute("tabindex", "0");
  const go = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  for (const node of nodes) {
    node.addEventListener("click", () => choosePlace(node.dataset.place));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choosePlace(node.dataset.place);
      }
      const way = go[event.key];
      if (!way) return;
      event.preventDefault();
      const [x, y] = where.get(node.dataset.place);
      const ahead = nodes.filter((n) => n !== node).map((n) => {
        const [a, b] = where.get(n.dataset.place);
        const along = (a - x) * way[0] + (b - y) * way[1];
        const across = Math.abs((a - x) * way[1]) + Math.abs((b - y) * way[0]);
        return { n, cost: along > 0.5 ? along + 2 * across : Infinity };
      });
      const next = d3.least(ahead, (c) => c.cost);
      if (!next || next.cost === Infinity) return;
      node.setAttribute("tabindex", "-1");
      next.n.setAttribute("tabindex", "0");
      next.n.focus();
    });
  }
}

function choosePlace(id) {
  state.place = state.place === id ? "" : id;
  state.event = "";
  list();
  mark();
  save();
}

function chooseEvent(id) {
  state.event = state.event === id ? "" : id;
  mark();
  save();
}

function inWindow() {
  const first = shift(state.on, 1 - state.days);
  return told.marks.filter((m) => m.date <= state.on && m.end >= first);
}

// What must follow every frame while the date is stepped: marks, zones, the day in words, the counts.
function step() {
  const shown = inWindow();
  marks(shown);
  told.map.zones.forEach((zone, i) => drawn.zones[i].attr("display", zoneOn(told.zone_times[i], state.on) ? null : "none"));
  for (const item of holder.querySelectorAll("[data-zone]")) {
    item.hidden = !told.map.zones.some((zone, i) => zone.id === item.dataset.zone && zoneOn(told.zone_times[i], state.on));
  }
  $("today").textContent = dayText(state.on);
  $("asof").textContent = dayText(state.on);
  const slider = $("day");
  slider.value = Math.round((Date.parse(state.on) - Date.parse(told.first)) / 86400000);
  slider.setAttribute("aria-valuetext", dayText(state.on));
  summary();
}

function marks(shown) {
  const spread = new Map();
  drawn.eventLayer.selectAll("g.event").data(shown, (m) => m.id).join((enter) => {
    const group = enter.append("g").attr("class", "event").attr("data-event", (m) => m.id);
    group.append("path").attr("d", d3.symbol(d3.symbolTriangle, drawn.width < 480 ? 64 : 110)()).attr("transform", "rotate(180)")
      .attr("fill", (m) => (m.solid ? "#d55e00" : drawn.hatch)).attr("stroke", "#1a1a1a").attr("stroke-width", 1)
      .attr("stroke-dasharray", (m) => (m.area ? "2 2" : null));
    group.append("title").text((m) => `${m.when}: ${m.title} (${m.solid ? "corroborated" : "claimed"}${m.area ? ", told by area only" : ""})`);
    group.on("click", (_, m) => chooseEvent(m.id));
    return group;
  }).attr("transform", (m) => {
    const [x, y] = drawn.at(m.lon, m.lat);
    const key = `${Math.round(x / 8)},${Math.round(y / 8)}`;
    const nth = spread.get(key) || 0;
    spread.set(key, nth + 1);
    const step = drawn.width < 480 ? 6 : 9;
    return `translate(${(x + step * (nth % 5) - step).toFixed(1)},${(y - step - 3 - step * Math.floor(nth / 5)).toFixed(1)})`;
  }).classed("chosen", (m) => m.id === state.event);
}

function mark() {
  drawn.svg.selectAll(".place").classed("chosen", (_, i, all) => all[i].dataset.place === state.place).attr("aria-pressed", (_, i, all) => String(all[i].dataset.place === state.place));
  drawn.svg.selectAll(".event").classed("chosen", (m) => m.id === state.event);
  for (const item of document.querySelectorAll("#events li")) {
    item.classList.toggle("chosen", item.dataset.event === state.event && state.event !== "");
  }
  document.querySelector("#events li.chosen")?.scrollIntoView({ block: "nearest" });
}

function query(extra = {}) {
  return new URLSearchParams({ account: state.account, on: state.on, days: state.days, ...(state.place ? { place: state.place } : {}), ...extra });
}

// The words of the events come from the server once the day rests; stepping never waits for them.
let asking = 0;
async function list() {
  const mine = (asking += 1);
  let page;
  try {
    page = await getJson(`/now.json?${query()}`);
  } catch {
    return; // the page is being left, or the server has stopped; what is shown stays
  }
  if (mine !== asking) return;
  $("finding").textContent = page.title;
  $("n").textContent = page.events.length;
  const name = told.map.places.find((p) => p.id === state.place)?.name;
  const note = $("chosen");
  note.replaceChildren();
  if (name) {
    const all = element("button", "", "Show all");
    all.type = "button";
    all.addEventListener("click", () => choosePlace(state.place));
    note.append(`Only ${name}. `, all);
  }
  const spoken = page.account_kind === "statement";
  const events = page.events.filter((h) => h.told !== "says nothing");
  const items = events.slice(0, 60).map(item);
  if (!items.length) items.push(element("li", "", spoken ? "It asserts or denies no recorded event of these days." : "No event is reported in these days."));
  if (events.length > 60) items.push(element("li", "", `${events.length - 60} more: see the CSV.`));
  $("silent").textContent = page.silent ? `${page.silent} other recorded event${page.silent === 1 ? "" : "s"} in these days: it says nothing of ${page.silent === 1 ? "it" : "them"}.` : "";
  $("events").replaceChildren(...items);
  $("csv").href = `/now.csv?${query()}`;
  $("to-ledger").href = `/ledger?${new URLSearchParams({ account: state.account, on: state.on })}`;
  mark();
}

function item(h) {
  const made = element("li");
  made.dataset.event = h.id;
  const head = element("p");
  const time = element("time", "", h.when);
  time.dateTime = h.date;
  head.append(time, " ");
  if (h.mark) head.append(element("span", `mark ${h.solid ? "solid" : "hatched"}`, h.mark));
  if (h.tag) head.append(" ", element("span", "tag", h.tag));
  const title = element("p");
  title.dir = "auto";
  const pick = element("button", "pick", h.title);
  pick.type = "button";
  pick.addEventListener("click", () => chooseEvent(h.id));
  title.append(pick);
  const rest = element("p", "small", `${h.places.join(", ")}${h.places.length ? ". " : ""}${h.witnesses}. ${h.why && ["contested", "denied"].includes(h.told) && told.account_kind !== "statement" ? `${h.why}. ` : ""}`);
  for (const claim of h.claims.slice(0, 4)) {
    const link = element("a", "", claim);
    link.href = `/evidence?${new URLSearchParams({ account: state.account, claim })}`;
    rest.append(link, " ");
  }
  h.links.slice(0, 2).forEach((address, i) => {
    const link = element("a", "", h.links.length > 1 ? `reporting ${i + 1}` : "reporting");
    link.href = address;
    link.rel = "noreferrer";
    rest.append(link, " ");
  });
  made.append(head, title, rest);
  return made;
}

// The ledger on the day: counts by state, and what changed within the window.
function summary() {
  if (!changes) return;
  const first = shift(state.on, 1 - state.days);
  const counts = new Map();
  const fresh = [];
  for (const row of changes.rows) {
    const [from, commitment, key, title, words, look, to] = row;
    if (from > state.on) break;
    if (from >= first && look !== "conditional") fresh.push(row);
    if (to && to < state.on) continue;
    const seen = counts.get(words) || { n: 0, look };
    seen.n += 1;
    counts.set(words, seen);
    void commitment, key, title;
  }
  const signature = `${state.on}|${state.days}`;
  const box = $("summary");
  if (box.dataset.signature === signature) return;
  box.dataset.signature = signature;
  const list = element("ul", "counts");
  for (const [words, { n, look }] of [...counts].sort((a, b) => b[1].n - a[1].n)) {
    const made = element("li");
    made.append(element("span", `state ${look}`, words), ` ${n}`);
    list.append(made);
  }
  const changed = element("ul", "records");
  for (const [from, commitment, key, title, words, look] of fresh.slice(-12).reverse()) {
    const made = element("li");
    const link = element("a", "", title);
    link.href = `/ledger?${new URLSearchParams({ account: state.account, on: state.on, commitment })}#why`;
    made.append(`${dayText(from)}: `, element("span", `state ${look}`, words), " ", link, key ? ` (${key})` : "");
    changed.append(made);
  }
  box.replaceChildren(list, element("p", "small", fresh.length ? `Changed in these ${state.days} days: ${fresh.length}${fresh.length > 12 ? ", the last 12" : ""}.` : `Nothing changed in these ${state.days} days.`), changed);
}

function save() {
  remember({ account: state.account, on: state.on, days: state.days === 30 ? "" : state.days, place: state.place, event: state.event });
}

let resting = 0;
function moveTo(on) {
  state.on = between(told.first, on, told.last);
  step();
  clearTimeout(resting);
  resting = setTimeout(() => {
    $("on").value = state.on;
    save();
    list();
  }, 150);
}

let playing = 0;
function play() {
  const button = $("play");
  if (playing) {
    cancelAnimationFrame(playing);
    playing = 0;
  } else {
    const frame = () => {
      if (state.on >= told.last) return play();
      moveTo(shift(state.on, 1));
      playing = requestAnimationFrame(frame);
      return undefined;
    };
    playing = requestAnimationFrame(frame);
  }
  button.setAttribute("aria-pressed", String(Boolean(playing)));
  button.textContent = playing ? "Stop" : "Play";
}

$("back").addEventListener("click", () => moveTo(shift(state.on, -1)));
$("forward").addEventListener("click", () => moveTo(shift(state.on, 1)));
$("play").addEventListener("click", play);
$("day").addEventListener("input", (event) => moveTo(shift(told.first, Number(event.target.value))));
$("days").addEventListener("change", (event) => {
  state.days = Number(event.target.value);
  moveTo(state.on);
});
const zoom = (factor) => drawn.svg.transition().duration(matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200).call(drawn.zoom.scaleBy, factor);
$("zoom-in").addEventListener("click", () => zoom(1.6));
$("zoom-out").addEventListener("click", () => zoom(1 / 1.6));
$("zoom-reset").addEventListener("click", () => drawn.svg.call(drawn.zoom.transform, d3.zoomIdentity));
draw();
list();
getJson(`/ledger/changes.json?account=${encodeURIComponent(state.account)}`).then((page) => {
  changes = page;
  $("summary").dataset.signature = "";
  summary();
}).catch(() => $("summary").replaceChildren(element("p", "small", "The ledger could not be read; see the problems.")));
let width = holder.clientWidth;
addEventListener("resize", () => {
  if (Math.abs(holder.clientWidth - width) < 2) return;
  width = holder.clientWidth;
  draw();
});
everyPage(() => location.reload());
