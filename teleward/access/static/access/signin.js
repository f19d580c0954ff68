/** The buttons of the sign-in pages: a passkey with one press, and a password one can look at. */

import { knowsPasskeys, makePasskey, Refusal, send, touchPasskey } from "./passkey.js";

/**
 * Asks, lets the browser answer, sends the answer.
 * @param {HTMLElement} button carries the addresses and words: data-passkey, data-ask, data-answer, data-next
 * @returns {Promise<{ next?: string }>}
 */
export async function press(button) {
  const { passkey, ask = "", answer = "", next = "", label = "" } = button.dataset;
  const question = await send(ask, {});
  const credential = await (passkey === "make" ? makePasskey(question) : touchPasskey(question));
  const typed = /** @type {HTMLInputElement | null} */ (label ? document.getElementById(label) : null);
  return send(answer, { credential, next, label: typed?.value ?? "" });
}

/**
 * What to tell after a press that led nowhere.
 * @param {unknown} failure
 * @param {HTMLElement} button carries the words: data-cancelled, data-known
 * @returns {string}
 */
export function sentence(failure, button) {
  if (failure instanceof Refusal && failure.message) return failure.message;
  const name = failure instanceof DOMException ? failure.name : "";
  return (name === "InvalidStateError" && button.dataset.known) || button.dataset.cancelled || "";
}

/**
 * @param {HTMLElement} button
 * @param {(next: string) => void} done
 */
export function enable(button, done) {
  const place = /** @type {HTMLElement} */ (document.getElementById(button.dataset.problem ?? ""));
  button.hidden = !knowsPasskeys();
  if (button.hidden) {
    tell(place, button.dataset.unsupported ?? "");
    return;
  }
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    tell(place, "");
    try {
      done((await press(button)).next ?? "");
    } catch (failure) {
      tell(place, sentence(failure, button));
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

/**
 * After a passkey was touched: the form that waits for it is sent with what was typed, or the next page opens.
 * @param {HTMLElement} button carries data-submits (id of the form), if one waits
 * @param {string} next
 */
export function goOn(button, next) {
  const waiting = document.getElementById(button.dataset.submits ?? "");
  if (waiting instanceof HTMLFormElement) waiting.requestSubmit();
  else location.assign(next || "/");
}

/** @param {HTMLElement} place @param {string} words */
export function tell(place, words) {
  place.textContent = words;
  place.hidden = !words;
}

/** @param {HTMLButtonElement} button carries data-shows (id of the field) and both words */
export function enableShowing(button) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.shows ?? ""));
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = (shown ? button.dataset.hide : button.dataset.show) ?? "";
    button.setAttribute("aria-pressed", String(shown));
  });
}

for (const button of document.querySelectorAll("main [data-passkey]")) {
  enable(/** @type {HTMLElement} */ (button), (next) => goOn(/** @type {HTMLElement} */ (button), next));
}
for (const button of document.querySelectorAll("[data-shows]")) {
  enableShowing(/** @type {HTMLButtonElement} */ (button));
}
for (const button of document.querySelectorAll("[data-prints]")) {
  /** @type {HTMLElement} */ (button).hidden = false;
  button.addEventListener("click", () => window.print());
}
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-goes-on]"));
if (form) form.requestSubmit();
