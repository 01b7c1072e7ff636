// Shares of runs with their ranges, one line per account: name, strip, number. No legend is needed.
/* global d3 */
import { INK, NEUTRAL, element, number, percent, picture, recordLink } from "./common.js";

export function outlook(holder, data) {
  const groups = d3.groups(data.points, (p) => p.outcome);
  for (const [, points] of groups) {
    const rows = points.map((p) => ({ name: data.accounts[p.account], p: p.p, low: p.low, high: p.high, text: p.words }));
    holder.append(group(holder, points[0].title, rows, 1));
  }
}

export function breaks(holder, data) {
  const top = Math.max(0.1, d3.max(data.points, (p) => p.share));
  for (const commitment of data.commitments) {
    const points = data.points.filter((p) => p.commitment === commitment.id);
    const rows = points.map((p) => ({ name: data.accounts[p.account], p: p.share, text: percent(p.share) }));
    holder.append(group(holder, commitment.title, rows, top, recordLink("commitment", commitment.id)));
  }
}

export function matters(holder, data) {
  const top = Math.max(0.02, d3.max(data.points, (p) => p.high));
  for (const p of data.points) {
    const rows = [{ name: "", p: p.share, low: p.low, high: p.high, text: `${percent(p.share)} (first in ${percent(p.top)} of resamples)` }];
    holder.append(group(holder, p.question, rows, top, recordLink("dispute", p.dispute)));
  }
}

/** Changes against the base: bars to the left are fewer (hollow), to the right more (filled). */
export function shifts(holder, data) {
  const top = d3.max(data.points, (p) => Math.abs(p.change)) || 1;
  const room = holder.clientWidth || 720;
  const width = Math.max(120, Math.round(room * (room < 560 ? 0.34 : 0.46)));
  const x = d3.scaleLinear([-top, top], [4, width - 4]);
  const block = element("div", "strip-group");
  for (const p of data.points) {
    const text = `${p.change > 0 ? "+" : ""}${number(p.change)} people`;
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

function group(holder, title, rows, top, link) {
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
  const width = Math.max(110, Math.round(room * (room < 560 ? 0.3 : 0.42)));
  const x = d3.scaleLinear([0, top], [6, width - 6]).clamp(true);
  for (const row of rows) {
    const line = element("div", named ? "strip" : "strip unnamed");
    if (named) line.append(element("span", "strip-name", row.name));
    const svg = picture(width, 16, `${row.name ? `${row.name}: ` : ""}${row.text}`);
    svg.append("line").attr("x1", 6).attr("x2", width - 6).attr("y1", 8).attr("y2", 8).attr("stroke", "#d0d0d0");
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
