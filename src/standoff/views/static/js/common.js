// Shared by every chart: formats, textures, accessible frames. D3 is a global (vendored, unbundled).
/* global d3 */

export const NEUTRAL = "#0072B2";
export const INK = "#1a1a1a";

const two = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 });
const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** @param {number} value */
export const number = (value) => two.format(value);
/** @param {string} iso */
export const day = (iso) => dayFormat.format(new Date(`${iso}T00:00:00Z`));
/** An element with a class and text; text never becomes markup. */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** An SVG that scales, with one name for a screen reader. */
export function picture(width, height, label, role = "img") {
  return d3
    .create("svg")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("width", width)
    .attr("height", height)
    .attr("role", role)
    .attr("aria-label", label);
}

let made = 0;

/** Add a texture to an SVG and return its paint. Textures repeat what a colour says. */
export function texture(svg, kind, colour) {
  if (kind === "plain" || kind === "outline") return kind === "outline" ? "#ffffff" : colour;
  const known = svg.node().__textures || (svg.node().__textures = new Map());
  if (known.has(kind + colour)) return known.get(kind + colour);
  const id = `texture-${(made += 1)}`;
  known.set(kind + colour, `url(#${id})`);
  let defs = svg.select("defs");
  if (defs.empty()) defs = svg.insert("defs", ":first-child");
  const pattern = defs.append("pattern").attr("id", id).attr("patternUnits", "userSpaceOnUse").attr("width", 6).attr("height", 6);
  pattern.append("rect").attr("width", 6).attr("height", 6).attr("fill", kind === "hatch" ? "#ffffff" : colour);
  const line = (d, stroke, width) => pattern.append("path").attr("d", d).attr("stroke", stroke).attr("stroke-width", width).attr("fill", "none");
  if (kind === "hatch") line("M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", colour, 2);
  if (kind === "lines") line("M0,3 h6", "#ffffff", 1);
  if (kind === "ticks") line("M3,0 v6", "#ffffff", 1.4);
  if (kind === "cross") line("M0,0 l6,6 M6,0 l-6,6", "#8a8a8a", 0.8);
  if (kind === "dots") pattern.append("circle").attr("cx", 3).attr("cy", 3).attr("r", 1.3).attr("fill", "#ffffff");
  return `url(#${id})`;
}
