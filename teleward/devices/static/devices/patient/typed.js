/**
 * What somebody types from a display: values of a reading, or what is wrong with each field. Nothing is guessed or put
 * right; the limits come with the page.
 *
 * @typedef {import('./types.js').Field} Field
 * @typedef {import('./types.js').Value} Value
 * @typedef {{text: string, unit: string}} Typed
 * @typedef {{problem: string, lowest: string, highest: string, unit: string, digits: number}} Fault
 */
import { converted } from "./conversion.js";

const NUMBER = /^-?\d{1,7}([.,]\d{1,6})?$/;
const [SYSTOLIC, DIASTOLIC] = ["8480-6", "8462-4"];

/**
 * One field. @param {Field} quantity @param {Typed} typed
 * @returns {{value?: Value, problem?: string}} neither where it may be left empty and is
 */
export function readField(quantity, { text, unit }) {
  const bare = text.replace(/\s/g, "");
  if (bare === "") return quantity.needed ? { problem: "missing" } : {};
  if (!NUMBER.test(bare)) return { problem: "not-a-number" };
  const plain = tidy(bare.replace(",", "."));
  const problem = problemOf(quantity, plain, unit);
  if (problem) return { problem };
  if (unit === quantity.unit) return { value: { code: quantity.code, value: plain, unit } };
  const value = converted(plain, unit, quantity.unit, quantity.digits);
  return { value: { code: quantity.code, value, unit: quantity.unit, original: { value: plain, unit } } };
}

/** @param {Field} quantity @param {string} plain @param {string} unit */
function problemOf(quantity, plain, unit) {
  const { lowest, highest, digits } = reach(quantity, unit);
  if ((plain.split(".")[1] ?? "").length > digits) return "too-precise";
  if (Number(plain) < Number(lowest)) return "too-low";
  return Number(plain) > Number(highest) ? "too-high" : "";
}

/** Without zeros in front, which are no part of the number. @param {string} number */
const tidy = (number) => number.replace(/^(-?)0+(?=\d)/, "$1");

/**
 * All fields of a kind. @param {Field[]} quantities @param {Map<string, Typed>} typed by code
 * @returns {{values: Value[], faults: Map<string, Fault>}} by code
 */
export function readFields(quantities, typed) {
  /** @type {Map<string, Fault>} */ const faults = new Map();
  /** @type {Value[]} */ const values = [];
  for (const quantity of quantities) {
    const entered = typed.get(quantity.code) ?? { text: "", unit: quantity.unit };
    const { value, problem } = readField(quantity, entered);
    if (value) values.push(value);
    if (problem) faults.set(quantity.code, { problem, ...reach(quantity, entered.unit) });
  }
  const swapped = faults.size === 0 && isSwapped(values) && quantities.find(({ code }) => code === DIASTOLIC);
  if (swapped) faults.set(DIASTOLIC, { problem: "swapped", ...reach(swapped, swapped.unit) });
  return { values: faults.size === 0 ? values : [], faults };
}

/** What may be typed, in the unit that is typed. @param {Field} quantity @param {string} unit */
export function reach({ lowest, highest, unit: own, digits }, unit) {
  if (unit === own) return { lowest, highest, unit, digits };
  const shown = (/** @type {string} */ limit) => converted(limit, own, unit, 1);
  return { lowest: shown(lowest), highest: shown(highest), unit, digits: 1 };
}

/** The lower pressure is never the higher one. @param {Value[]} values */
function isSwapped(values) {
  const [upper, lower] = [SYSTOLIC, DIASTOLIC].map((code) => values.find((value) => value.code === code)?.value);
  return upper !== undefined && lower !== undefined && Number(lower) >= Number(upper);
}
