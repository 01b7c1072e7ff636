// 20 equally likely futures as dots: the share on one side of a mark can be counted.
/* global d3 */
import { INK, NEUTRAL, element, number, panels, picture } from "./common.js";

export function dots(holder, data) {
  const all = data.panels.flatMap((p) => p.values);
  let [low, high] = d3.extent([...all, data.mark]);
  if (data.signed && low === 0 && high === 0) {
    holder.append(element("p", "note", "In every run as many people are displaced as in the base scenario: nothing to draw."));
    return;
  }
  if (low === high) [low, high] = [low - 1, high + 1];
  const { grid, width } = panels(holder, data.panels.length);
  const x = d3.scaleLinear([low, high], [26, width - 26]).nice(5);
  x.range([26, width - Math.max(26, 4 * number(x.domain()[1]).length)]); // room for half of the last number
  const highest = (piles) => d3.max(piles, (s) => d3.max(s, (d) => d.level)) + 1;
  // Whole columns between the left end and the mark, so that no dot stands left of the least number.
  const room = x(data.mark) - x.range()[0];
  const snug = (s) => (data.signed || room < s ? s : room / Math.ceil(room / s));
  let size = snug(Math.max(9, Math.min(17, width / 26)));
  let stacks = data.panels.map((p) => stack(p.values, x, size, data.mark));
  if (highest(stacks) > 10) {
    size = snug(9);
    stacks = data.panels.map((p) => stack(p.values, x, size, data.mark));
  }
  const tallest = highest(stacks);
  const height = Math.ceil(tallest * size) + 54;
  data.panels.forEach((panel, index) => {
    const over = panel.values.filter((v) => v > data.mark).length;
    const under = panel.values.filter((v) => v < data.mark).length;
    const way = !over && !under ? "no change in any" : over >= under ? `more in ${over} of 20` : `fewer in ${under} of 20`;
    const sign = data.signed ? way : `more than ${number(data.mark)} in ${over} of 20`;
    const cell = element("div");
    cell.append(element("p", "panel-title", `${panel.title}: ${sign}`));
    const svg = picture(width, height, `${panel.title}: ${sign} equally likely futures`);
    const floor = height - 36;
    svg
      .append("line")
      .attr("x1", x(data.mark)).attr("x2", x(data.mark)).attr("y1", 14).attr("y2", floor)
      .attr("stroke", INK).attr("stroke-dasharray", "4 3");
    svg
      .append("text")
      .attr("x", x(data.mark)).attr("y", 10).attr("text-anchor", x(data.mark) > width - 60 ? "end" : x(data.mark) < 60 ? "start" : "middle").attr("class", "tick")
      .text(data.signed ? "no change" : number(data.mark));
    svg
      .selectAll("circle")
      .data(stacks[index])
      .join("circle")
      .attr("cx", (d) => d.x).attr("cy", (d) => floor - size / 2 - 1 - d.level * size).attr("r", size / 2 - 1)
      .attr("fill", (d) => (d.value > data.mark ? NEUTRAL : "#ffffff")).attr("stroke", NEUTRAL).attr("stroke-width", 1.6);
    const axis = svg.append("g").attr("transform", `translate(0,${floor})`);
    axis.call(d3.axisBottom(x).ticks(width < 420 ? 3 : 5).tickFormat(number)).attr("font-size", 12).attr("font-family", "inherit");
    axis.append("text").attr("x", width - 4).attr("y", 32).attr("text-anchor", "end").attr("fill", INK).text(data.unit);
    cell.append(svg.node());
    grid.append(cell);
  });
  const key = data.signed ? "Filled: more people displaced than in the base scenario. Hollow: as many or fewer." : `Filled: more than ${number(data.mark)}. Hollow: as many or fewer.`;
  holder.append(element("p", "key", key));
}

// Columns stand from the mark outwards, so that a dot is on the side its value is on; what equals the mark is on it.
function stack(values, x, size, mark) {
  const columns = new Map();
  const half = values.includes(mark) ? 0 : 0.5;
  const outwards = (away) => Math.max(1 - half, Math.round(away + half) - half);
  return [...values].sort(d3.ascending).map((value) => {
    const away = (x(value) - x(mark)) / size;
    const column = Math.sign(value - mark) * (value === mark ? 0 : outwards(Math.abs(away)));
    const level = columns.get(column) || 0;
    columns.set(column, level + 1);
    return { value, level, x: x(mark) + column * size };
  });
}
