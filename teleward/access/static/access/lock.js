/**
 * The idle lock: after a rest a dialog covers the page; one touch and the page is as it was.
 * The server keeps the same time by itself. A call that goes on says `tw-active` on the document.
 */

import { Refusal, send } from "./passkey.js";
import { enable, sentence, tell } from "./signin.js";

const LOOK_EVERY = 5_000;
const SAY_EVERY = 60_000;
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart", "input", "tw-active"];

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("tw-lock"));
const problem = /** @type {HTMLElement} */ (document.getElementById("tw-lock-problem"));
const button = /** @type {HTMLElement} */ (dialog.querySelector("[data-passkey]"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
const password = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
const { idle = "3600", here = "", lock = "", unlock = "", signIn = "" } = dialog.dataset;

let seen = Date.now();
let said = Date.now();
let locked = false;
/** @type {Element | null} */
let focused = null;

function isOver() {
  return Date.now() - seen >= Number(idle) * 1000;
}

function show() {
  if (locked) return;
  locked = true;
  focused = document.activeElement;
  document.body.append(dialog);
  document.documentElement.classList.add("tw-locked");
  dialog.showModal();
  document.dispatchEvent(new CustomEvent("tw-locked"));
}

function hide() {
  locked = false;
  seen = said = Date.now();
  password.value = "";
  tell(problem, "");
  document.documentElement.classList.remove("tw-locked");
  dialog.close();
  if (focused instanceof HTMLElement) focused.focus();
  document.dispatchEvent(new CustomEvent("tw-unlocked"));
}

/** @param {unknown} failure */
function react(failure) {
  if (!(failure instanceof Refusal)) return;
  if (failure.code === "access:locked") show();
  if (failure.code === "access:sign-in-needed") location.assign(signIn);
}

function look() {
  if (locked || !isOver()) return;
  show();
  send(lock, {}).catch(react);
}

function sign() {
  if (locked) return;
  if (isOver()) {
    look();
    return;
  }
  seen = Date.now();
  if (seen - said < SAY_EVERY) return;
  said = seen;
  send(here, {}).catch(react);
}

for (const name of SIGNS) document.addEventListener(name, sign, { capture: true, passive: true });
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_EVERY);

dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("close", () => {
  if (locked) dialog.showModal();
});
enable(button, hide);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await send(unlock, { password: password.value });
    hide();
  } catch (failure) {
    tell(problem, sentence(failure, button));
    password.select();
  }
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr } = /** @type {CustomEvent<{ xhr: XMLHttpRequest }>} */ (event).detail;
  if (xhr.getResponseHeader("X-Problem") !== "access:locked") return;
  event.preventDefault();
  show();
});
for (const now of document.querySelectorAll("[data-lock-now]")) {
  now.addEventListener("click", () => {
    seen = 0;
    look();
  });
}
