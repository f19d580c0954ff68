// The photo of a display: small beside the reading that was typed from it, large when it is pressed.

import { make } from "./page.js";

/** @typedef {import('./page.js').Sheet} Sheet */

/** @param {Sheet} sheet @param {string} url @param {string} values what was typed */
export function thumbnail(sheet, url, values) {
  const alt = sheet.word("photo-alt", { values });
  const press = make("button", "tw-live-photo", "", { type: "button", "aria-haspopup": "dialog" });
  press.append(picture(url, alt));
  press.addEventListener("click", () => enlarge(sheet, url, alt));
  return press;
}

/** Escape closes it too, and the focus goes back to where it was. @param {Sheet} sheet @param {string} url
 * @param {string} alt */
function enlarge(sheet, url, alt) {
  const dialog = make("dialog", "tw-live-large", "", { "aria-label": alt });
  const close = make("button", "tw-button tw-button-second", sheet.word("photo-close"), { type: "button" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(close, picture(url, alt));
  sheet.element.append(dialog);
  dialog.showModal();
}

/** @param {string} url @param {string} alt */
function picture(url, alt) {
  const made = make("img", "", "", { alt });
  made.src = url;
  return made;
}
