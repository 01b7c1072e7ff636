// Bars of state over time, one lane per version of a commitment. Colour and texture both tell the state.
/* global d3 */
import { INK, day, element, picture, recordLink, texture, utc } from "./common.js";

export function ledger(holder, data, options = {}) {
  const looks = new Map(data.looks.map((l) => [l.id, l]));
  const room = holder.clientWidth || 720;
  const wide = room >= 620;
  const width = wide ? Math.round(room * 0.56) : room;
  const first = d3.min(data.lanes, (l) => d3.min(l.bars, (b) => b.from));
  const x = d3.scaleUtc([utc(first), utc(data.until)], [0, width - 1]).clamp(true);
  holder.append(key(data.looks));
  const table = element("div", wide ? "lanes wide" : "lanes");
  table.append(row(element("div", "lane-name"), axis(x, width)));
  const on = options.on && options.on >= first && options.on < data.until ? x(utc(options.on)) : null;
  let last = "";
  for (const lane of data.lanes) {
    const name = element("div", "lane-name");
    if (lane.commitment !== last) {
      const link = element("a", "", lane.title);
      link.href = options.link ? options.link(lane) : recordLink("commitment", lane.commitment);
      if (lane.adverse) name.append(element("span", "tag", "threat"), " ");
      name.append(link);
      if (last) name.classList.add("first");
    }
    last = lane.commitment;
    const detail = [lane.instances, lane.told === "all accounts" ? "" : lane.told].filter(Boolean).join("; ");
    if (detail) name.append(element("span", "lane-told", detail));
    if (options.chosen === lane.commitment) name.classList.add("chosen");
    table.append(row(name, bars(lane, looks, x, width, on)));
  }
  holder.append(table);
  if (on !== null) holder.append(element("p", "key", `Upright line: ${day(options.on)}.`));
}

// A box of its own only in print: grids that break over pages end in blank ones.
function row(name, drawn) {
  const box = element("div", "lane");
  box.append(name, drawn);
  return box;
}

function bars(lane, looks, x, width, on) {
  const told = lane.bars.map((b) => `${looks.get(b.look).id} ${day(b.from)} to ${day(b.to)}`).join("; ");
  const svg = picture(width, 18, `${lane.title}, ${lane.told}: ${told}`);
  svg.append("line").attr("x1", 0).attr("x2", width).attr("y1", 9).attr("y2", 9).attr("stroke", "#dddddd");
  for (const bar of lane.bars) {
    const look = looks.get(bar.look);
    const [from, to] = [x(utc(bar.from)), x(d3.utcDay.offset(utc(bar.to), 1))];
    svg
      .append("rect")
      .attr("x", from).attr("y", 2).attr("height", 14).attr("width", Math.max(2.5, to - from))
      .attr("fill", texture(svg, look.texture, look.colour)).attr("stroke", look.texture === "outline" ? look.colour : INK).attr("stroke-width", 0.5)
      .append("title").text(`${look.label}: ${day(bar.from)} to ${day(bar.to)}`);
  }
  if (on !== null) svg.append("line").attr("x1", on).attr("x2", on).attr("y1", 0).attr("y2", 18).attr("stroke", INK).attr("stroke-width", 1.6);
  return svg.node();
}

function axis(x, width) {
  const svg = picture(width, 22, "time axis");
  svg.attr("aria-hidden", "true").attr("role", null).attr("aria-label", null);
  svg.append("g").attr("transform", "translate(0,21)").call(d3.axisTop(x).ticks(Math.max(3, Math.round(width / 110))))
    .attr("font-size", 11).attr("font-family", "inherit")
    .selectAll("text").attr("text-anchor", (d) => (x(d) < 24 ? "start" : x(d) > width - 24 ? "end" : "middle"));
  return svg.node();
}

function key(looks) {
  const list = element("ul", "key looks");
  for (const look of looks) {
    const svg = picture(26, 14, "");
    svg.attr("aria-hidden", "true").attr("role", null).attr("aria-label", null);
    svg.append("rect").attr("x", 0.5).attr("y", 0.5).attr("width", 25).attr("height", 13)
      .attr("fill", texture(svg, look.texture, look.colour)).attr("stroke", look.texture === "outline" ? look.colour : INK).attr("stroke-width", 0.5);
    const item = element("li");
    item.append(svg.node(), ` ${look.label}`);
    list.append(item);
  }
  return list;
}
