// One plot: a line or points, the shade from lowest to highest, the band behind it, marks of medicines.
// Nothing is drawn where nothing was measured. Colours come from the page's tokens.

import uPlot from "../vendor/uplot-1.6.32/uPlot.esm.js";
import { clocks, rangeOf } from "./scale.js";

/** @typedef {import("./scale.js").Drawn} Drawn */

const HEIGHT = 240;
const NEAR = 32; // pixels: two numbers need as much
const DAY = 86_400;

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The plot inside of an element. `told` hears the place the pointer is at, or null.
 * @param {HTMLElement} into @param {Drawn} drawn @param {string} zone @param {(place: number|null) => void} told */
export function plot(into, drawn, zone, told) {
  const language = document.documentElement.lang;
  const when = clocks(language, zone, (drawn.until - drawn.from) / DAY);
  const numbers = new Intl.NumberFormat(language);
  const [lowest, highest] = rangeOf(drawn);
  /** @type {uPlot.Options} */
  const options = {
    width: Math.max(240, into.clientWidth),
    height: HEIGHT,
    padding: [10, 32, 0, 0], // half a day below the last line
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false } },
    scales: { x: { range: () => [drawn.from, drawn.until] }, y: { range: () => [lowest, highest] } },
    axes: [axis((_u, splits) => splits.map(when.axis), 64), axis((_u, splits) => splits.map((s) => numbers.format(s)))],
    series: series(drawn),
    bands: drawn.single || !drawn.joined ? [] : [{ series: [1, 2], fill: shade() }],
    hooks: {
      drawClear: [(u) => band(u, drawn), (u) => bars(u, drawn)],
      draw: [(u) => marks(u, drawn)],
      setCursor: [(u) => told(u.cursor.idx ?? null)],
    },
  };
  const made = new uPlot(options, [drawn.x, drawn.high, drawn.low, drawn.mean], into);
  const watching = new ResizeObserver(() => made.setSize({ width: into.clientWidth, height: HEIGHT }));
  watching.observe(into);
  return made;
}

/** @param {uPlot.Axis.Values} values @param {number} [space] @returns {uPlot.Axis} */
function axis(values, space = 40) {
  const line = colour("--tw-line");
  return {
    stroke: colour("--tw-ink-soft"),
    font: `14px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    space,
    size: space > 40 ? 40 : 60,
    values,
  };
}

/** Highest and lowest have no line of their own: the shade lies between them, and the mean on top of it.
 * @param {Drawn} drawn @returns {uPlot.Series[]} */
function series(drawn) {
  const teal = colour("--tw-teal");
  const edge = { stroke: "transparent", spanGaps: false, points: { show: false } };
  const dots = { show: true, size: drawn.x.length > 100 ? 4 : 8, stroke: teal, fill: teal };
  return [{}, edge, edge, { stroke: teal, width: drawn.joined ? 2 : 0, spanGaps: false, points: dots }];
}

/** From lowest to highest where a device measures now and then: a bar for each hour or day, nothing between them.
 * @param {uPlot} u @param {Drawn} drawn */
function bars(u, drawn) {
  if (drawn.joined || drawn.single) return;
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = shade();
  ctx.lineWidth = Math.max(2, Math.min(8, u.bbox.width / drawn.x.length / 2));
  drawn.x.forEach((at, place) => {
    const [low, high] = [drawn.low[place] ?? null, drawn.high[place] ?? null];
    if (low === null || high === null) return;
    const x = u.valToPos(at, "x", true);
    line(ctx, x, u.valToPos(low, "y", true), x, u.valToPos(high, "y", true));
  });
  ctx.restore();
}

const shade = () => `color-mix(in srgb, ${colour("--tw-teal")} 28%, transparent)`;

/** @param {uPlot} u @param {Drawn} drawn */
function band(u, drawn) {
  if (!drawn.band) return;
  const [low, high] = drawn.band;
  const top = high === null ? u.bbox.top : clamp(u, u.valToPos(high, "y", true));
  const bottom = low === null ? u.bbox.top + u.bbox.height : clamp(u, u.valToPos(low, "y", true));
  const { ctx } = u;
  ctx.save();
  ctx.fillStyle = colour("--tw-teal-wash");
  ctx.fillRect(u.bbox.left, top, u.bbox.width, bottom - top);
  ctx.strokeStyle = colour(drawn.limits ? "--tw-amber-ink" : "--tw-edge");
  ctx.setLineDash([6, 4]);
  for (const [end, at] of /** @type {[number|null, number][]} */ ([
    [high, top],
    [low, bottom],
  ])) {
    if (end !== null) line(ctx, u.bbox.left, at, u.bbox.left + u.bbox.width, at);
  }
  ctx.restore();
}

/** @param {uPlot} u @param {number} at */
const clamp = (u, at) => Math.min(Math.max(at, u.bbox.top), u.bbox.top + u.bbox.height);

/** @param {uPlot} u @param {Drawn} drawn */
function marks(u, drawn) {
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = colour("--tw-amber-ink");
  ctx.fillStyle = colour("--tw-amber-ink");
  ctx.font = `${13 * devicePixelRatio}px sans-serif`;
  ctx.textBaseline = "top";
  ctx.setLineDash([2, 3]);
  for (const { x, numbers } of together(u, drawn)) {
    line(ctx, x, u.bbox.top, x, u.bbox.top + u.bbox.height);
    const isLate = x > u.bbox.left + u.bbox.width - NEAR * devicePixelRatio;
    ctx.textAlign = isLate ? "right" : "left";
    ctx.fillText(numbers.join(", "), isLate ? x - 4 : x + 4, u.bbox.top + 2);
  }
  ctx.restore();
}

/** Marks by their place; those that would cover each other have one line and all their numbers.
 * @param {uPlot} u @param {Drawn} drawn @returns {{x: number, numbers: number[]}[]} */
function together(u, drawn) {
  /** @type {{x: number, numbers: number[]}[]} */
  const found = [];
  drawn.marks.forEach((mark, number) => {
    const x = u.valToPos(mark.at, "x", true);
    const near = found.find((each) => Math.abs(each.x - x) < (NEAR / 2) * devicePixelRatio);
    if (near) near.numbers.push(number + 1);
    else found.push({ x, numbers: [number + 1] });
  });
  return found;
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} toX @param {number} toY */
function line(ctx, x, y, toX, toY) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
