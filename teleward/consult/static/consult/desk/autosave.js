// A note is kept while it is written: soon after a pause, and at once when the page is left; at most one version a minute.

import { fetched } from "./fetched.js";

const PAUSE = 4_000; // milliseconds without a key
const BETWEEN = 60_000; // each saving is a version that stays

/** @type {Map<HTMLFormElement, ReturnType<typeof setTimeout>>} forms with words that are not saved yet */
const unsaved = new Map();
/** @type {WeakMap<HTMLFormElement, number>} */
const savedAt = new WeakMap();
/** @type {WeakMap<HTMLFormElement, Promise<void>>} under way: each names the version it follows, so one waits for the other */
const saving = new WeakMap();
/** @type {WeakSet<HTMLFormElement>} to be sent once that is done */
const pressed = new WeakSet();

/** @param {Event} event @returns {HTMLFormElement|null} */
function formOf({ target }) {
  return target instanceof Element ? target.closest("form[data-autosave]") : null;
}

/** @param {HTMLFormElement} form */
function soon(form) {
  settle(form);
  const rest = (savedAt.get(form) ?? -BETWEEN) + BETWEEN - performance.now();
  unsaved.set(
    form,
    setTimeout(() => save(form), Math.max(PAUSE, rest)),
  );
}

/** @param {HTMLFormElement} form */
function settle(form) {
  clearTimeout(unsaved.get(form));
  unsaved.delete(form);
}

/** @param {HTMLFormElement} form */
function save(form) {
  settle(form);
  const done = (saving.get(form) ?? Promise.resolve())
    .then(() => send(form))
    .finally(() => saving.get(form) === done && saving.delete(form));
  saving.set(form, done);
  return done;
}

/** @param {HTMLFormElement} form */
async function send(form) {
  if (!form.isConnected) return;
  savedAt.set(form, performance.now());
  try {
    const { status, part } = await fetched(form.action, new FormData(form));
    const after = /** @type {HTMLInputElement|null} */ (part.querySelector("[name=after]"));
    const said = part.querySelector("[role=status]")?.textContent;
    if (status !== 200 || !after || !said) throw new Error(String(status));
    /** @type {HTMLInputElement} */ (form.elements.namedItem("after")).value = after.value;
    tell(form, said);
  } catch {
    tell(form, form.dataset.autosave ?? "");
  }
}

/** Pressing the button while the note is saved by itself: it goes out after that, as the version after it.
 * @param {SubmitEvent} event */
function wait(event) {
  const form = formOf(event);
  const under = form && saving.get(form);
  if (form) settle(form);
  if (!form || !under) return;
  event.preventDefault();
  event.stopPropagation();
  if (pressed.has(form)) return;
  pressed.add(form);
  void under.then(() => {
    pressed.delete(form);
    form.requestSubmit(event.submitter);
  });
}

/** @param {HTMLFormElement} form @param {string} text */
function tell(form, text) {
  const place = form.querySelector("[data-autosaved]");
  if (place) place.textContent = text;
}

document.addEventListener("input", (event) => {
  const form = formOf(event);
  if (form) soon(form);
});
document.addEventListener("submit", wait, { capture: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const form of unsaved.keys()) void save(form);
});
