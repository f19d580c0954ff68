// The forms for what a display shows. What is wrong is said beside its field; nothing typed is lost.

import { make } from "./drawer.js";
import { readFields } from "./typed.js";

/** @typedef {import('./drawer.js').Drawer} Drawer */
/** @typedef {import('./types.js').Value} Value */
/** @typedef {import('./typed.js').Fault} Fault */
/** @typedef {import('./typed.js').Typed} Typed */

/** @param {Drawer} drawer @param {(kind: string, values: Value[]) => void} done */
export function bindForms(drawer, done) {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (drawer.root.querySelectorAll("[data-typed]"))) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // it is not sent to the server
      const kind = form.dataset.typed ?? "";
      const asked = drawer.kind(kind).quantities.filter(({ asked }) => asked);
      const { values, faults } = readFields(asked, typedIn(form));
      point(drawer, form, faults);
      if (faults.size === 0 && values.length) done(kind, values);
    });
  }
}

/** Shows the form of a kind, as it was left. @param {Drawer} drawer @param {string} kind */
export function showForm(drawer, kind) {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (drawer.root.querySelectorAll("[data-typed]"))) {
    form.hidden = form.dataset.typed !== kind;
  }
}

/** Empties it after its values went out. @param {Drawer} drawer @param {string} kind */
export function emptyForm(drawer, kind) {
  /** @type {HTMLFormElement|null} */ (drawer.root.querySelector(`[data-typed="${kind}"]`))?.reset();
}

/** @param {HTMLFormElement} form @returns {Map<string, Typed>} */
function typedIn(form) {
  return new Map(
    Array.from(fields(form), (field) => {
      const unit =
        field.querySelector("select")?.value ??
        /** @type {HTMLElement|null} */ (field.querySelector("[data-unit]"))?.dataset.unit;
      return [field.dataset.code ?? "", { text: field.querySelector("input")?.value ?? "", unit: unit ?? "" }];
    }),
  );
}

/** @param {HTMLFormElement} form @returns {NodeListOf<HTMLElement>} */
const fields = (form) => form.querySelectorAll("[data-code]");

/** Says beside each field what is wrong, and goes to the first. @param {Drawer} drawer @param {HTMLFormElement} form
 * @param {Map<string, Fault>} faults */
function point(drawer, form, faults) {
  /** @type {HTMLInputElement|null} */ let first = null;
  for (const field of fields(form)) {
    const fault = faults.get(field.dataset.code ?? "");
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    const error = /** @type {HTMLElement} */ (field.querySelector("[data-error]"));
    field.classList.toggle("tw-field-wrong", fault !== undefined);
    input.toggleAttribute("aria-invalid", fault !== undefined);
    error.hidden = !fault;
    error.replaceChildren(...(fault ? [make("span", "", sentence(drawer, fault))] : []));
    if (fault) first ??= input;
  }
  first?.focus();
}

/** @param {Drawer} drawer @param {Fault} fault */
function sentence(drawer, { problem, lowest, highest, unit, digits }) {
  const sign = drawer.page.kinds.flatMap(({ quantities }) => quantities).flatMap(({ units }) => units);
  const key = problem === "too-precise" && digits === 0 ? "whole" : problem;
  return drawer.word(`typed-${key}`, {
    lowest: drawer.number(lowest),
    highest: drawer.number(highest),
    unit: sign.find((one) => one.unit === unit)?.sign ?? unit,
    digits,
  });
}
