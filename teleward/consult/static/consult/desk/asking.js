// A questionnaire that is kept while it is answered, and shows what the answers ask for. Which questions those are,
// the server works out; without this module the buttons do the same, step by step.

import { fetched } from "./fetched.js";

const PAUSE = 600; // milliseconds without a change

const place = /** @type {HTMLElement|null} */ (document.querySelector("[data-form]"));
/** @type {ReturnType<typeof setTimeout>|undefined} */ let soon;
let turn = 0;

/** @param {HTMLFormElement} form */
async function ask(form) {
  turn += 1;
  const mine = turn;
  try {
    const { status, part } = await fetched(form.action, new FormData(form));
    const fresh = part.querySelector("form");
    if (status !== 200 || !fresh) throw new Error(String(status));
    if (mine === turn) show(form, fresh);
  } catch {
    tell(form, "trouble");
  }
}

/** Puts the fresh fields in place of the old ones only where other questions are asked now.
 * @param {HTMLFormElement} form @param {HTMLFormElement} fresh */
function show(form, fresh) {
  if (shown(form) === shown(fresh)) return tell(form, "words");
  const focused = document.activeElement?.id ?? "";
  const next = document.importNode(fresh, true);
  form.replaceWith(next);
  if (focused) document.getElementById(focused)?.focus();
  return tell(next, "words");
}

/** @param {HTMLFormElement} form */
const shown = (form) => /** @type {HTMLInputElement} */ (form.elements.namedItem("shown")).value;

/** @param {HTMLFormElement} form @param {"words"|"trouble"} which */
function tell(form, which) {
  const line = /** @type {HTMLElement|null} */ (form.querySelector("[data-kept]"));
  if (line) line.textContent = line.dataset[which] ?? "";
}

place?.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (!form) return;
  clearTimeout(soon);
  soon = setTimeout(() => ask(form), PAUSE);
});
place?.addEventListener("submit", () => {
  clearTimeout(soon);
  turn += 1;
});
