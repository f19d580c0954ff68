// The sheet as its modules see it: its words, its parts, and how numbers and times are written in its language.

import { onDisplay } from "../displays.js";

/** @typedef {import('../checking.js').Value} Value */
/** @typedef {{code: string, word: string, unit: string, sign: string, lowest: string, highest: string,
 *   low: string|null, high: string|null, own: boolean}} Quantity `own`: the limits were set for this patient */
/** @typedef {{name: string, word: string, stale_after: number, continuous: boolean, quantities: Quantity[]}} Kind */
/** @typedef {{visit: string, language: string, kinds: Record<string, Kind>, flags: Record<string, string>,
 *   signs: Record<string, string>, going: string}} Told what the server put on the sheet; `signs` are units as people
 *   write them */

export class Sheet {
  /** @type {Map<string, string>} */ #words;

  /** @param {HTMLElement} element @param {Told} told */
  constructor(element, told) {
    this.element = element;
    this.told = told;
    const holder = /** @type {HTMLTemplateElement} */ (this.part("words"));
    const rows = /** @type {NodeListOf<HTMLElement>} */ (holder.content.querySelectorAll("[data-word]"));
    this.#words = new Map(Array.from(rows, (row) => [row.dataset.word ?? "", row.textContent ?? ""]));
    const parts = new Intl.NumberFormat(told.language).formatToParts(1.5);
    this.point = parts.find(({ type }) => type === "decimal")?.value ?? ".";
    this.ages = new Intl.RelativeTimeFormat(told.language, { style: "short", numeric: "always" });
    this.clock = new Intl.DateTimeFormat(told.language, { timeStyle: "medium" });
    this.date = new Intl.DateTimeFormat(told.language, { dateStyle: "medium", timeStyle: "short" });
  }

  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.element.querySelector(`[data-part="${name}"]`));
  }

  /** The sentence of a key; one that nobody wrote shows itself. @param {string} key
   * @param {Record<string, string|number>} [values] */
  word(key, values = {}) {
    return (this.#words.get(key) ?? key).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  }

  /** The digits as they were measured. @param {string} decimal */
  number(decimal) {
    return decimal.replace(".", this.point);
  }

  /** @param {number} milliseconds */
  ago(milliseconds) {
    const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
    if (seconds < 60) return this.ages.format(-seconds, "second");
    if (seconds < 3600) return this.ages.format(-Math.floor(seconds / 60), "minute");
    return this.ages.format(-Math.floor(seconds / 3600), "hour");
  }

  /** An instant as a clock shows it; with its day when that is not today. @param {string|number} at */
  time(at) {
    const when = new Date(at);
    return when.toDateString() === new Date().toDateString() ? this.clock.format(when) : this.date.format(when);
  }

  /** What a display showed before it was converted; nothing where no display has that unit.
   * @param {Value} value @returns {string[]} */
  before({ original }) {
    const { value, unit } = onDisplay(original ?? { value: "", unit: "" });
    const sign = this.told.signs[unit];
    return sign ? [`${this.number(value)} ${sign}`] : [];
  }

  /** What a device says besides. @param {string} flag */
  flag(flag) {
    return this.told.flags[flag] ?? flag;
  }

  /** A value in words: digits and unit, or why there is none. @param {Value} value @param {Quantity} quantity */
  spoken(value, quantity) {
    if (value.absent) return this.word(`absent-${value.absent}`);
    return `${this.number(value.value ?? "")} ${quantity.sign}`;
  }
}

/** A new element with its class, text and attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [className] @param {string} [text] @param {Record<string, string>} [attributes] */
export function make(tag, className = "", text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Writes a text where it is another one, so that nothing is read aloud or selected away for nothing.
 * @param {HTMLElement} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}
