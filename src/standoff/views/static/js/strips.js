// Shares with their ranges, one line per account: name, strip from 0 to 100 %, number. No legend is needed.
/* global d3 */
import { INK, NEUTRAL, element, number, percent, percents, picture, recordLink } from "./common.js";

export function outlook(holder, data) {
  const groups = d3.groups(data.points, (p) => p.outcome);
  holder.append(scale(holder, true));
  for (const [, points] of groups) {
    const rows = points.map((p) => ({ name: data.accounts[p.account], p: p.p, low: p.low, high: p.high, text: p.words }));
    holder.append(group(holder, points[0].title, rows));
  }
}

export function breaks(holder, data) {
  holder.append(scale(holder, true));
  for (const commitment of data.commitments) {
    const points = data.points.filter((p) => p.commitment === commitment.id);
    const rows = points.map((p) => ({ name: data.accounts[p.account], p: p.share, text: percent(p.share) }));
    holder.append(group(holder, commitment.title, rows, recordLink("commitment", commitment.id)));
  }
}

export function matters(holder, data) {
  holder.append(scale(holder, false));
  for (const p of data.points) {
    const text = `${percent(p.share)} (${percents(p.low, p.high)})${p.top >= 0.01 ? `; largest in ${percent(p.top)} of resamples` : ""}`;
    const rows = [{ name: "", p: p.share, low: p.low, high: p.high, text }];
    holder.append(group(holder, p.question, rows, recordLink("dispute", p.dispute)));
  }
}

/** Changes against the base: bars to the left are fewer (hollow), to the right more (filled). */
export function shifts(holder, data) {
  const top = d3.max(data.points, (p) => Math.abs(p.change)) || 1;
  const room = holder.clientWidth || 720;
  const width = stripWidth(room);
  const x = d3.scaleLinear([-top, top], [4, width - 4]);
  const block = element("div", "strip-group");
  for (const p of data.points) {
    const text = `${p.change > 0 ? "+" : "\u2212"}${number(Math.abs(p.change))} people`;
    const line = element("div", "strip");
    const name = element("span", "strip-name", p.place);
    name.dir = "auto";
    const svg = picture(width, 16, `${p.place}: ${text}`);
    svg.append("rect").attr("x", Math.min(x(0), x(p.change))).attr("y", 3).attr("width", Math.abs(x(p.change) - x(0))).attr("height", 10)
      .attr("fill", p.change > 0 ? NEUTRAL : "#ffffff").attr("stroke", NEUTRAL);
    svg.append("line").attr("x1", x(0)).attr("x2", x(0)).attr("y1", 0).attr("y2", 16).attr("stroke", INK);
    line.append(name, svg.node(), element("span", "strip-value", text));
    block.append(line);
  }
  holder.append(block, element("p", "key", "Filled: more people arrive than in the base scenario. Hollow: fewer."));
}

/** Paired differences around zero: a dot with its Monte-Carlo interval; filled where the interval leaves out zero. */
export function differences(holder, data) {
  const room = holder.clientWidth || 720;
  const width = stripWidth(room);
  const tops = { share: 0.02, people: 1 };
  for (const g of data.groups) tops[g.unit] = Math.max(tops[g.unit], d3.max(g.points, (p) => Math.max(Math.abs(p.low), Math.abs(p.high))));
  const still = data.groups.filter((g) => g.points.every((p) => p.same));
  for (const g of data.groups) {
    if (still.includes(g)) continue;
    const x = d3.scaleLinear([-tops[g.unit], tops[g.unit]], [7, width - 7]).clamp(true);
    const block = element("div", "strip-group");
    block.append(element("p", "strip-title", g.title));
    for (const p of g.points) {
      const line = element("div", "strip");
      const svg = picture(width, 16, `${data.accounts[p.account]}: ${p.text}${p.clear ? ", beyond sampling error" : ""}`);
      svg.append("line").attr("x1", 7).attr("x2", width - 7).attr("y1", 8).attr("y2", 8).attr("stroke", "#d0d0d0");
      svg.append("line").attr("x1", x(0)).attr("x2", x(0)).attr("y1", 0).attr("y2", 16).attr("stroke", INK).attr("stroke-width", 1);
      svg.append("line").attr("x1", x(p.low)).attr("x2", x(p.high)).attr("y1", 8).attr("y2", 8).attr("stroke", NEUTRAL).attr("stroke-width", 5).attr("opacity", 0.45);
      svg.append("circle").attr("cx", x(p.mean)).attr("cy", 8).attr("r", 4.5).attr("fill", p.clear ? NEUTRAL : "#ffffff").attr("stroke", p.clear ? INK : NEUTRAL).attr("stroke-width", p.clear ? 0.6 : 1.6);
      line.append(element("span", "strip-name", data.accounts[p.account]), svg.node(), element("span", "strip-value", p.text));
      block.append(line);
    }
    holder.append(block);
  }
  if (still.length) holder.append(element("p", "note", `The same in every run of every account: ${still.map((g) => g.title).join("; ")}.`));
  if (still.length === data.groups.length) return;
  const scales = [`shares from −${percent(tops.share)} to +${percent(tops.share)}`.replaceAll("\u00a0%", " points")];
  if (data.groups.some((g) => g.unit === "people")) scales.push(`people from −${number(tops.people)} to +${number(tops.people)}`);
  holder.append(element("p", "key", `Upright line: no difference. Filled: the interval leaves out zero. Hollow: it does not. Width of a strip: ${scales.join("; ")}.`));
}

function stripWidth(room) {
  return Math.max(110, Math.round(room * (room < 560 ? 0.36 : room < 760 ? 0.25 : 0.36)));
}

/** What the strips below measure: 0, 50 and 100 %, above the same marks in every strip. */
function scale(holder, named) {
  const line = element("div", named ? "strip scale" : "strip scale unnamed");
  const width = stripWidth(holder.clientWidth || 720);
  const x = d3.scaleLinear([0, 1], [6, width - 6]);
  const svg = picture(width, 16, "");
  svg.attr("aria-hidden", "true").attr("role", null).attr("aria-label", null);
  for (const [p, anchor, from] of [[0, "middle", x(0)], [0.5, "middle", x(0.5)], [1, "end", width]]) {
    svg.append("text").attr("x", from).attr("y", 11).attr("text-anchor", anchor).attr("font-size", 11).text(p ? percent(p) : "0");
  }
  if (named) line.append(element("span", "strip-name"));
  line.append(svg.node(), element("span", "strip-value"));
  return line;
}

function group(holder, title, rows, link) {
  const block = element("div", "strip-group");
  const heading = element("p", "strip-title");
  if (link) {
    const anchor = element("a", "", title);
    anchor.href = link;
    heading.append(anchor);
  } else heading.textContent = title;
  block.append(heading);
  const named = rows.some((r) => r.name);
  const room = holder.clientWidth || 720;
  const width = stripWidth(room);
  const x = d3.scaleLinear([0, 1], [6, width - 6]).clamp(true);
  for (const row of rows) {
    const line = element("div", named ? "strip" : "strip unnamed");
    if (named) line.append(element("span", "strip-name", row.name));
    const svg = picture(width, 16, `${row.name ? `${row.name}: ` : ""}${row.text}`);
    svg.append("line").attr("x1", 6).attr("x2", width - 6).attr("y1", 8).attr("y2", 8).attr("stroke", "#d0d0d0");
    for (const p of [0, 0.5, 1]) svg.append("line").attr("x1", x(p)).attr("x2", x(p)).attr("y1", 4).attr("y2", 12).attr("stroke", "#b0b0b0");
    if (row.low !== undefined && row.low !== null) {
      svg.append("line").attr("x1", x(row.low)).attr("x2", x(row.high)).attr("y1", 8).attr("y2", 8).attr("stroke", NEUTRAL).attr("stroke-width", 5).attr("opacity", 0.45);
    } else {
      svg.append("rect").attr("x", 6).attr("y", 4).attr("width", Math.max(0, x(row.p) - 6)).attr("height", 8).attr("fill", NEUTRAL).attr("opacity", 0.45);
    }
    svg.append("circle").attr("cx", x(row.p)).attr("cy", 8).attr("r", 4.5).attr("fill", NEUTRAL).attr("stroke", INK).attr("stroke-width", 0.6);
    line.append(svg.node(), element("span", "strip-value", row.text));
    block.append(line);
  }
  return block;
}
