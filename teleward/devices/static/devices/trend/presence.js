// Which minutes somebody did something on this page, told when it is left or hidden. A minute without a key, a
// pointer or a scroll is none. Only numbers of minutes leave the browser, and nothing is kept in it.

import { Minutes } from "./minutes.js";

const form = /** @type {HTMLFormElement|null} */ (document.getElementById("spent"));
const minutes = new Minutes();

function tell() {
  const told = minutes.take();
  if (!form || told.length === 0) return;
  const body = new FormData(form);
  body.set("minutes", told.join(","));
  fetch(form.action, { method: "POST", body, keepalive: true, credentials: "same-origin" }).catch(() => {
    minutes.give(told);
  });
}

const noted = () => {
  if (document.visibilityState === "visible") minutes.note(Date.now());
};

if (form) {
  noted();
  for (const name of ["keydown", "pointerdown", "pointermove", "scroll", "focus"]) {
    window.addEventListener(name, noted, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? tell() : noted()));
}
