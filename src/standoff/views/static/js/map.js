// The region in SVG: outlines, zones, roads, places by kind and people. Every place is an element with a name.
/* global d3 */
import { INK, NEUTRAL, element, number, picture, texture } from "./common.js";

const SHAPES = {
  circle: d3.symbolCircle,
  triangle: d3.symbolTriangle,
  square: d3.symbolSquare,
  diamond: d3.symbolDiamond,
  cross: d3.symbolPlus,
  star: d3.symbolStar,
};

/** Whether a zone holds on a day; an empty end is open. */
export function zoneOn([from, until], on) {
  return (!from || from <= on) && (!until || on <= until);
}

/** Equirectangular with the region's own scale, good to a per mille over two degrees. */
export function projection([west, south, east, north], width) {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = width / ((east - west) * squeeze);
  const height = Math.round((north - south) * scale);
  return { height, at: (lon, lat) => [(lon - west) * squeeze * scale, (north - lat) * scale] };
}

function outline(shape, at) {
  const ring = (points, close) => `M${points.map(([lon, lat]) => at(lon, lat).map((v) => v.toFixed(1)).join()).join("L")}${close ? "Z" : ""}`;
  const parts = shape.coordinates;
  if (shape.type === "LineString") return ring(parts, false);
  if (shape.type === "MultiLineString") return parts.map((p) => ring(p, false)).join("");
  if (shape.type === "Polygon") return parts.map((p) => ring(p, true)).join("");
  return parts.flatMap((polygon) => polygon.map((p) => ring(p, true))).join("");
}

export function map(holder, data, options = {}) {
  const room = holder.clientWidth || 720;
  const width = Math.min(room, options.width || 860);
  const drawnZones = [];
  const { height, at } = projection(data.region, width);
  const svg = picture(width, height, options.label || "Map of the region; every place is in the table below", options.interactive ? "group" : "img");
  svg.attr("class", "map");
  const clip = `clip-${Math.round(width)}-${holder.closest("[id]")?.id || "map"}`;
  svg.append("clipPath").attr("id", clip).append("rect").attr("width", width).attr("height", height);
  svg.append("rect").attr("width", width).attr("height", height).attr("fill", "#dfe9ef");
  const ground = svg.append("g").attr("clip-path", `url(#${clip})`);
  const layer = ground.append("g").attr("class", "zoomed");
  draw(layer, data, at, drawnZones);
  const largest = d3.max(data.places, (p) => p.people) || 1;
  const radius = d3.scaleSqrt([0, largest], [2.6, Math.max(9, width / 46)]);
  const places = layer.append("g").attr("class", "places");
  for (const p of data.places) place(places, p, at, radius, options);
  const names = layer.append("g").attr("class", "labels").attr("aria-hidden", "true");
  const taken = labels(names, data.places, at, radius, width, height, room);
  nameAreas(names, data, at, width, height, taken);
  scalebar(svg, data.region, width, height);
  holder.append(svg.node(), key(data, largest, radius));
  return { svg, layer, at, width, height, zones: drawnZones, hatch: data.events ? texture(svg, "hatch", "#d55e00") : null };
}

function draw(layer, data, at, drawnZones) {
  const named = { country: ["#f7f5f0", "#8d8678", 1.2], governorate: ["none", "#b5ae9f", 0.7], subdistrict: ["none", "#d3cdc0", 0.4] };
  for (const feature of d3.sort(data.background, (f) => Object.keys(named).indexOf(f.kind))) {
    const [fill, stroke, weight] = named[feature.kind] || named.subdistrict;
    layer.append("path").attr("d", outline(feature, at)).attr("fill", fill).attr("fill-rule", "evenodd").attr("stroke", stroke)
      .attr("stroke-width", weight).attr("stroke-dasharray", feature.kind === "governorate" ? "5 3" : null);
  }
  const letters = zoneLetters(data.zones);
  const lettered = new Set();
  for (const zone of data.zones) {
    const group = layer.append("g");
    drawnZones.push(group);
    const path = group.append("path").attr("d", outline(zone, at)).attr("class", zone.road ? "road" : "zone");
    if (zone.road) path.attr("fill", "none").attr("stroke", "#7a6a55").attr("stroke-width", 2.4).attr("stroke-linejoin", "round");
    else path.attr("fill", "#8c7b4a").attr("fill-opacity", zone.certainty === "certain" ? 0.16 : 0.07).attr("stroke", "#6f6136").attr("stroke-width", 1)
      .attr("stroke-dasharray", zone.certainty === "certain" ? null : "2 3");
    path.append("title").text(zone.title);
    if (!zone.road && !lettered.has(zone.id)) {
      lettered.add(zone.id);
      const ring = (zone.type === "Polygon" ? zone.coordinates : zone.coordinates[0])[0].map(([lon, lat]) => at(lon, lat));
      const corner = d3.least(ring, (p) => p[1] - p[0] * 0.2 * (lettered.size % 2 ? 1 : -1));
      group.append("text").attr("x", corner[0]).attr("y", corner[1] - 3).attr("text-anchor", "middle").attr("font-size", 12).attr("font-weight", 700).attr("class", "map-label").text(letters.get(zone.id));
    }
  }
}

// Zones get letters, since their shades overlap: a letter on the map and the same letter in the key.
function zoneLetters(zones) {
  const ids = [...new Set(zones.filter((z) => !z.road).map((z) => z.id))];
  return new Map(ids.map((id, i) => [id, String.fromCharCode(65 + i)]));
}

// A name stands where it covers least: the point of a grid inside the outline that is farthest from every place.
function nameAreas(layer, data, at, width, height, taken) {
  const points = data.places.map((p) => at(p.lon, p.lat));
  for (const feature of data.background) {
    if (feature.kind === "subdistrict") continue;
    const rings = (feature.type === "Polygon" ? [feature.coordinates] : feature.coordinates).map((polygon) => polygon[0].map(([lon, lat]) => at(lon, lat)));
    let best = null;
    for (let i = 1; i < 12; i += 1) {
      for (let j = 1; j < 12; j += 1) {
        const point = [(width * i) / 12, (height * j) / 12];
        if (!rings.some((ring) => d3.polygonContains(ring, point))) continue;
        const away = d3.min(points, (p) => Math.abs(p[0] - point[0]) / 2.2 + Math.abs(p[1] - point[1])) ?? 99;
        const edge = Math.min(point[0] / 2.2, (width - point[0]) / 2.2, point[1], height - 26 - point[1]);
        const score = Math.min(away, edge);
        if (!best || score > best.score) best = { point, score };
      }
    }
    if (!best || best.score < 14) continue;
    const country = feature.kind === "country";
    const box = { x0: best.point[0] - 45, x1: best.point[0] + 45, y0: best.point[1] - 12, y1: best.point[1] + 8 };
    if (taken.some((t) => box.x0 < t.x1 && box.x1 > t.x0 && box.y0 < t.y1 && box.y1 > t.y0)) continue;
    taken.push(box);
    layer.append("text").attr("x", best.point[0]).attr("y", best.point[1]).attr("text-anchor", "middle").attr("font-size", country ? 12.5 : 11)
      .attr("letter-spacing", country ? 3 : 1).attr("class", "map-label area").text(country ? feature.name.toUpperCase() : feature.name);
  }
}

function place(layer, p, at, radius, options) {
  const [x, y] = at(p.lon, p.lat);
  const r = radius(p.people);
  const people = p.people ? `, ${number(p.people)} people` : "";
  const group = layer.append("g").attr("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`).attr("class", "place").attr("data-place", p.id);
  group.append("path").attr("d", d3.symbol(SHAPES[p.shape] || d3.symbolCircle, Math.PI * r * r)()).attr("fill", p.people ? NEUTRAL : "#ffffff")
    .attr("fill-opacity", p.people ? 0.55 : 0.9).attr("stroke", INK).attr("stroke-width", 0.8);
  group.append("title").text(`${p.name}${p.ar ? ` ${p.ar}` : ""}${people}${p.km >= 1 ? `; position within ${number(p.km)} km` : ""}`);
  if (options.interactive) group.attr("role", "button").attr("tabindex", -1).attr("aria-label", `${p.name}${people}`);
}

// Greedy: the largest places first, right, left, above or below, only where nothing is covered.
function labels(layer, places, at, radius, width, height, room) {
  const size = room < 480 ? 10 : 11.5;
  const taken = places.slice(0, 60).map((p) => box(p, at, radius(p.people)));
  const most = room < 480 ? 14 : 46;
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  let count = 0;
  for (const p of places) {
    if (count >= most) break;
    const [x, y] = at(p.lon, p.lat);
    const r = radius(p.people) + 3;
    const w = pen.measureText(p.name).width + 2;
    const own = taken.findIndex((t) => t.id === p.id);
    const tries = [[x + r, y + size / 3, "start", x + r], [x - r, y + size / 3, "end", x - r - w], [x, y - r, "middle", x - w / 2], [x, y + r + size * 0.8, "middle", x - w / 2]];
    for (const [lx, ly, anchor, left] of tries) {
      const b = { x0: left, x1: left + w, y0: ly - size * 0.85, y1: ly + size * 0.25 };
      if (b.x0 < 2 || b.x1 > width - 2 || b.y0 < 2 || b.y1 > height - 26) continue;
      if (taken.some((t, i) => i !== own && b.x0 < t.x1 && b.x1 > t.x0 && b.y0 < t.y1 && b.y1 > t.y0)) continue;
      taken.push(b);
      count += 1;
      layer.append("text").attr("x", lx).attr("y", ly).attr("text-anchor", anchor).attr("font-size", size).attr("class", "map-label").text(p.name);
      break;
    }
  }
  return taken;
}

function box(p, at, r) {
  const [x, y] = at(p.lon, p.lat);
  return { id: p.id, x0: x - r, x1: x + r, y0: y - r, y1: y + r };
}

function scalebar(svg, [west, , east], width, height) {
  const km = (east - west) * 111.32 * Math.cos((36 * Math.PI) / 180);
  const length = (20 / km) * width;
  const bar = svg.append("g").attr("transform", `translate(12,${height - 12})`).attr("aria-hidden", "true");
  bar.append("path").attr("d", `M0,-4V0H${length}V-4`).attr("fill", "none").attr("stroke", INK);
  bar.append("text").attr("x", length + 6).attr("y", 1).attr("font-size", 11).attr("class", "map-label").text("20 km");
}

function key(data, largest, radius) {
  const list = element("ul", "key shapes");
  const entry = (draw, label) => {
    const svg = picture(20, 18, "").attr("aria-hidden", "true").attr("role", null).attr("aria-label", null);
    draw(svg, svg.append("g").attr("transform", "translate(10,9)"));
    const item = element("li");
    item.append(svg.node(), ` ${label}`);
    list.append(item);
    return item;
  };
  for (const k of data.kinds) entry((_, g) => g.append("path").attr("d", d3.symbol(SHAPES[k.shape], 75)()).attr("fill", NEUTRAL).attr("fill-opacity", 0.55).attr("stroke", INK).attr("stroke-width", 0.8), k.label);
  for (const [id, zones] of d3.group(data.zones.filter((z) => !z.road), (z) => z.id)) {
    const letter = zoneLetters(data.zones).get(id);
    const possible = zones.some((z) => z.certainty !== "certain") ? "; dotted: possible extent" : "";
    const item = entry((_, g) => {
      g.append("rect").attr("x", -9).attr("y", -7).attr("width", 18).attr("height", 14).attr("fill", "#8c7b4a").attr("fill-opacity", 0.2).attr("stroke", "#6f6136");
      g.append("text").attr("text-anchor", "middle").attr("y", 4).attr("font-size", 11).text(letter);
    }, `zone ${letter}: ${zones[0].title}${possible}`);
    item.dataset.zone = id;
  }
  if (data.zones.some((z) => z.road)) entry((_, g) => g.append("path").attr("d", "M-9,0H9").attr("stroke", "#7a6a55").attr("stroke-width", 2.4), data.zones.filter((z) => z.road).map((z) => z.title).join(", "));
  if (data.events) {
    entry((svg, g) => g.append("path").attr("d", d3.symbol(d3.symbolTriangle, 90)()).attr("transform", "rotate(180)").attr("fill", texture(svg, "hatch", "#d55e00")).attr("stroke", INK), "event, claimed");
    entry((_, g) => g.append("path").attr("d", d3.symbol(d3.symbolTriangle, 90)()).attr("transform", "rotate(180)").attr("fill", "#d55e00").attr("stroke", INK), "event, corroborated");
  }
  if (data.places.some((p) => p.people)) list.append(element("li", "", `largest mark: ${number(largest)} people${data.places.every((p) => p.people) ? "" : "; white: no figure"}`));
  return list;
}
