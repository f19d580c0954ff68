// The values of this call as dots over time, with the limits that hold as lines. Nothing is drawn where nothing came.

import { dots, drawn, reach } from "./standing.js";

/** @typedef {import('./page.js').Sheet} Sheet */
/** @typedef {import('./page.js').Kind} Kind */
/** @typedef {import('./standing.js').Entry} Entry */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [300, 72];
const SHORTEST = 120_000; // milliseconds: the first values do not fly about
const CROSS = 3;

/** @param {string} name @param {Record<string, string|number>} attributes */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

export class Spark {
  element = shape("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    class: "tw-live-spark",
    preserveAspectRatio: "none",
    hidden: "", // a picture of nothing has no name
  });

  /** @param {Sheet} sheet @param {Kind} kind */
  constructor(sheet, kind) {
    this.sheet = sheet;
    this.kind = kind;
  }

  /** @param {Entry[]} entries @param {number} now */
  draw(entries, now) {
    const quantities = drawn(this.kind);
    const { span, all } = dots(entries, quantities, now, SHORTEST);
    this.element.toggleAttribute("hidden", all.length === 0);
    if (!all.length) return void this.element.replaceChildren();
    const { bottom, top } = reach(all, quantities);
    const y = (/** @type {number} */ number) => (HEIGHT * (1 - (number - bottom) / (top - bottom))).toFixed(1);
    const limits = quantities.flatMap(({ low, high }) => [low, high]).filter((limit) => limit !== null);
    const visible = limits.filter((limit) => Number(limit) > bottom && Number(limit) < top);
    const lines = visible.map((limit) =>
      shape("line", { x1: 0, x2: WIDTH, y1: y(Number(limit)), y2: y(Number(limit)) }),
    );
    const places = all.map(({ x, number, row, isOut }) => ({
      at: `${(x * WIDTH).toFixed(1)} ${y(number)}`,
      row,
      isOut,
    }));
    const inside = quantities.map((_, row) =>
      shape("path", { class: `tw-live-dots tw-live-dots-${row}`, d: paths(places, row, (at) => `M${at}h0`) }),
    );
    const outside = shape("path", { class: "tw-live-crosses", d: paths(places, -1, cross) });
    this.element.replaceChildren(...lines, ...inside, outside);
    this.element.setAttribute("aria-label", this.#about(all, span));
  }

  /** @param {{text: string, number: number, row: number}[]} all @param {number} span */
  #about(all, span) {
    return drawn(this.kind)
      .map(({ word, sign }, row) => {
        const mine = all.filter((dot) => dot.row === row).toSorted((one, other) => one.number - other.number);
        return this.sheet.word("spark", {
          what: word,
          count: mine.length,
          minutes: Math.ceil(span / 60_000),
          lowest: this.sheet.number(mine[0]?.text ?? ""),
          highest: this.sheet.number(mine.at(-1)?.text ?? ""),
          unit: sign,
        });
      })
      .join(" ");
  }
}

/** The dots of a row that are within the limits, or (-1) all that are not.
 * @param {{at: string, row: number, isOut: boolean}[]} places @param {number} row @param {(at: string) => string} mark */
function paths(places, row, mark) {
  return places
    .filter((one) => (row < 0 ? one.isOut : one.row === row && !one.isOut))
    .map(({ at }) => mark(at))
    .join("");
}

/** @param {string} at */
function cross(at) {
  const [arm, size] = [-CROSS, 2 * CROSS];
  return `M${at}m${arm},${arm}l${size},${size}m${-size},0l${size},${-size}`;
}
