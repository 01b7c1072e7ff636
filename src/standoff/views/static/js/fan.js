// Newly displaced people over time: median and two bands of one hue; what was observed as black dots on top.
/* global Plot, d3 */
import { INK, NEUTRAL, day, number, panels, utc } from "./common.js";

export function fan(holder, data) {
  const top = d3.max(data.panels, (p) => d3.max(p.points, (d) => d[5])) || 1;
  const seen = d3.max(data.observed, (d) => d.value) || 0;
  const { grid, width } = panels(holder, data.panels.length);
  for (const panel of data.panels) {
    const cell = document.createElement("div");
    const heading = document.createElement("p");
    heading.className = "panel-title";
    heading.textContent = panel.title;
    const points = panel.points.map((d) => ({ date: utc(d[0]), q05: d[1], q25: d[2], q50: d[3], q75: d[4], q95: d[5] }));
    const end = points[points.length - 1];
    const chart = Plot.plot({
      width,
      height: Math.round(Math.max(190, Math.min(300, width * 0.58))),
      marginLeft: 78,
      marginRight: 14,
      marginTop: 22,
      x: { type: "utc", label: null, ticks: width < 420 ? 4 : 6 },
      y: { domain: [0, Math.max(top, seen)], grid: true, label: data.unit, tickFormat: number, ticks: 5 },
      style: { fontSize: "12px", color: INK, background: "transparent" },
      marks: [
        Plot.areaY(points, { x: "date", y1: "q05", y2: "q95", fill: NEUTRAL, fillOpacity: 0.18 }),
        Plot.areaY(points, { x: "date", y1: "q25", y2: "q75", fill: NEUTRAL, fillOpacity: 0.35 }),
        Plot.lineY(points, { x: "date", y: "q50", stroke: NEUTRAL, strokeWidth: 2.2 }),
        Plot.dot(data.observed, { x: (d) => utc(d.date), y: "value", fill: INK, r: 3.2, title: (d) => `${d.title}: ${number(d.value)}` }),
        Plot.ruleY([0]),
      ],
    });
    chart.setAttribute("role", "img");
    for (const part of chart.querySelectorAll("[aria-label], [aria-description]")) {
      part.removeAttribute("aria-label");
      part.removeAttribute("aria-description");
    }
    const told = `${panel.title}: median ${number(end.q50)} on ${day(panel.points[panel.points.length - 1][0])}, `;
    chart.setAttribute("aria-label", `${told}90 % of runs between ${number(end.q05)} and ${number(end.q95)}`);
    cell.append(heading, chart);
    grid.append(cell);
  }
  const key = document.createElement("p");
  key.className = "key";
  key.textContent = "Line: median. Dark band: half of the runs. Light band: 90 % of the runs.";
  if (data.observed.length) key.textContent += " Black dots: reported by humanitarian sources, same measure; not used by the run.";
  holder.append(key);
}
