// The drawer as its modules see it: its pieces, steps, buttons and words; how values and times are written.

import { onDisplay } from "../displays.js";
import { UNKNOWN_USER } from "./taking.js";

/** @typedef {import('./types.js').Page} Page */
/** @typedef {import('./types.js').Quantity} Quantity */
/** @typedef {import('./types.js').Value} Value */
/** @typedef {import('./types.js').Reading} Reading */

export class Drawer {
  /** @type {Map<string, string>} */ #words = new Map();

  /** @param {HTMLElement} root @param {Page} page */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.learn(root);
  }

  /** The sentences that come with a part of it. @param {HTMLElement} part */
  learn(part) {
    const holder = /** @type {HTMLTemplateElement} */ (part.querySelector("template[data-words]"));
    const rows = /** @type {Iterable<HTMLElement>} */ (holder.content.querySelectorAll("[data-word]"));
    for (const row of rows) this.#words.set(row.dataset.word ?? "", row.textContent?.trim() ?? "");
  }

  /** The sentence of a key with its {places} filled in; an unknown key shows itself, so that a test finds it.
   * @param {string} key @param {Record<string, string|number>} [values] */
  word(key, values = {}) {
    return (this.#words.get(key) ?? key).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  }

  /** @template {HTMLElement} [T=HTMLElement] @param {string} name @returns {T} */
  piece(name) {
    const found = this.root.querySelector(`[data-piece="${name}"]`);
    if (!found) throw new Error(`piece ${name} is missing`);
    return /** @type {T} */ (found);
  }

  /** Writes only what changed, so that screen readers hear only changes. @param {string} name @param {string} text */
  write(name, text) {
    const piece = this.piece(name);
    if (piece.textContent !== text) piece.textContent = text;
  }

  /** @param {string} name @param {() => unknown} act */
  on(name, act) {
    this.root.addEventListener("click", ({ target }) => {
      if (/** @type {Element} */ (target).closest(`[data-act="${name}"]`)) void act();
    });
  }

  /** @param {string} name @returns {HTMLButtonElement[]} */
  buttons(name) {
    return Array.from(this.root.querySelectorAll(`[data-act="${name}"]`));
  }

  /** A button that goes away leaves the focus to the heading of its step. @param {string} name @param {boolean} hidden */
  hide(name, hidden) {
    for (const button of this.buttons(name)) {
      const isLeft = hidden && document.activeElement === button;
      button.hidden = hidden;
      if (isLeft) land(this.heading);
    }
  }

  /** @returns {HTMLElement|null} of the step that is on the screen */
  get heading() {
    return this.root.querySelector("[data-step]:not([hidden]) h2");
  }

  /** Shows one step and puts the focus on its heading. @param {string} name @param {boolean} [focused] */
  step(name, focused = true) {
    for (const step of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-step]"))) {
      step.hidden = step.dataset.step !== name;
    }
    if (!focused) return;
    land(this.heading);
    this.heading?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Iterable<string>} all such as names @param {'conjunction'|'disjunction'} [type] */
  list(all, type = "conjunction") {
    return new Intl.ListFormat(this.page.language, { type }).format(all);
  }

  /** A decimal as people write it here, with exactly its digits. @param {string} value */
  number(value) {
    const digits = (value.split(".")[1] ?? "").length;
    const how = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(this.page.language, how).format(Number(value));
  }

  /** A unit as people write it. @param {string} unit */
  sign(unit) {
    return this.page.signs[unit] ?? unit;
  }

  /** @param {number} percent */
  percent(percent) {
    return new Intl.NumberFormat(this.page.language, { style: "percent" }).format(percent / 100);
  }

  /** @param {string} at an instant */
  clock(at) {
    const moment = new Date(at);
    const isToday = moment.toDateString() === new Date().toDateString();
    const day = isToday ? {} : /** @type {const} */ ({ day: "numeric", month: "long", year: "numeric" });
    return new Intl.DateTimeFormat(this.page.language, { ...day, hour: "numeric", minute: "2-digit" }).format(moment);
  }

  /** One value with its name and unit, and what the device showed where that was another unit.
   * @param {Value} value @param {Quantity[]} quantities */
  said({ code, value, absent, original }, quantities) {
    const quantity = quantities.find((one) => one.code === code);
    const what = quantity?.word ?? code;
    if (value === undefined) return this.word("value-absent", { what, why: this.word(`absent-${absent}`) });
    const told = this.word("value", { what, value: this.number(value), unit: this.sign(quantity?.unit ?? "") }).trim();
    const shown = onDisplay(original ?? { value: "", unit: "" });
    const unit = this.page.signs[shown.unit];
    if (!unit) return told; // no display has that unit
    return `${told} ${this.word("value-original", { value: this.number(shown.value), unit })}`;
  }

  /** All values of a reading in one line. @param {Reading} reading */
  reading({ kind, values }) {
    const quantities = this.kind(kind).quantities;
    return values.map((value) => this.said(value, quantities)).join(", ");
  }

  /** Why it may not be the patient's own. @param {import('./taking.js').Doubt} doubt @param {Reading} reading */
  reason(doubt, { kind }) {
    if (doubt.why === "user" && doubt.user === UNKNOWN_USER) return this.word("doubt-no-user");
    if (doubt.why === "user") return this.word("doubt-user", { user: doubt.user });
    const { quantities } = this.kind(kind);
    const said = this.said(doubt.value, quantities);
    const quantity = quantities.find(({ code }) => code === doubt.value.code);
    const [lowest, highest] = [this.number(quantity?.lowest ?? ""), this.number(quantity?.highest ?? "")];
    const unit = this.sign(quantity?.unit ?? "");
    if (doubt.why === "limits") return this.word("doubt-limits", { said, lowest, highest, unit });
    return this.word("doubt-jump", { said, before: this.number(doubt.before), unit });
  }

  /** What it takes to read and to show a kind comes with the consent. @param {import('./types.js').Kind[]} kinds */
  meet(kinds) {
    for (const told of kinds) Object.assign(this.kind(told.name), told);
  }

  /** @param {string} name */
  kind(name) {
    const found = this.page.kinds.find((kind) => kind.name === name);
    if (!found) throw new RangeError(`no kind ${name}`);
    return found;
  }
}

/** A new element with its class, text and attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} className @param {string} [text] @param {Record<string, string>} [attributes] */
export function make(tag, className, text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** @param {string} className @param {string} text @param {() => unknown} act */
export function button(className, text, act) {
  const made = make("button", className, text, { type: "button" });
  made.addEventListener("click", () => void act());
  return made;
}

/** Puts the focus on the first of these that takes it. @param {...(Element|null|undefined)} places */
export function land(...places) {
  for (const place of places) {
    /** @type {HTMLElement|null|undefined} */ (place)?.focus({ preventScroll: true });
    if (place && place !== document.body && document.activeElement === place) return;
  }
}
