// A sheet of the chart beside the call. It is fetched as a document of its own, so that no text ever becomes a program,
// and its forms are sent from here so that the call goes on.

import { fetched } from "../desk/fetched.js";
import { button, make, word } from "./page.js";

/** @param {HTMLElement} sheet @param {string} address */
export function loadSheet(sheet, address) {
  sheet.addEventListener("submit", (event) => send(sheet, event));
  sheet.addEventListener("click", (event) => follow(sheet, event));
  sheet.addEventListener("input", () => sheet.setAttribute("data-touched", ""));
  return fetchInto(sheet, address);
}

/** Loads a sheet again, unless somebody is writing on it, or it was to be read once. @param {HTMLElement} sheet */
export function refreshSheet(sheet) {
  if (sheet.hasAttribute("data-still")) return undefined;
  const isBusy = sheet.hasAttribute("data-touched") || sheet.contains(document.activeElement);
  return !isBusy && sheet.dataset.fragment ? fetchInto(sheet, sheet.dataset.fragment) : undefined;
}

/** @param {HTMLElement} sheet @param {SubmitEvent} event */
function send(sheet, event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  event.preventDefault();
  const address = form.getAttribute("hx-post") ?? form.getAttribute("action") ?? sheet.dataset.fragment ?? "";
  const body = new FormData(form, event.submitter);
  const posts = form.hasAttribute("hx-post") || form.method === "post";
  return posts ? fetchInto(sheet, address, body) : fetchInto(sheet, withQuery(address, body));
}

/** @param {HTMLElement} sheet @param {MouseEvent} event */
function follow(sheet, event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const link = /** @type {HTMLAnchorElement|null} */ (target.closest("a[href]"));
  if (!link) return;
  if (!link.hasAttribute("data-sheet")) {
    link.target = "_blank";
    return;
  }
  event.preventDefault();
  fetchInto(sheet, link.href);
}

/** @param {string} address @param {FormData} fields */
function withQuery(address, fields) {
  const url = new URL(address, location.href);
  for (const [name, value] of fields) url.searchParams.set(name, String(value));
  return url.href;
}

/** @param {HTMLElement} sheet @param {string} address @param {FormData} [body] */
async function fetchInto(sheet, address, body) {
  sheet.setAttribute("aria-busy", "true");
  try {
    const content = await documentAt(address, body);
    sheet.replaceChildren(...content);
    sheet.removeAttribute("data-touched");
    sheet.dispatchEvent(new Event("filled"));
    if (body)
      /** @type {HTMLElement|null} */ (sheet.querySelector("[autofocus], [role=status], [role=alert]"))?.focus();
  } catch {
    if (body) sheet.prepend(make("p", "tw-notice tw-notice-stop", word("sheet-not-sent"), { role: "alert" }));
    else sheet.replaceChildren(missing(sheet, address));
  } finally {
    sheet.removeAttribute("aria-busy");
  }
}

/** @param {HTMLElement} sheet @param {string} address */
function missing(sheet, address) {
  const note = make("div", "");
  const again = button("tw-button tw-button-second", word("sheet-again"), () => fetchInto(sheet, address));
  note.append(make("p", "", word("sheet-missing")), again);
  return note;
}

/** The content of a page: scripts in it never run. @param {string} address @param {FormData} [body]
 * @returns {Promise<Node[]>} */
async function documentAt(address, body) {
  const { part } = await fetched(address, body);
  const main = part.querySelector("main .tw-width") ?? part.body;
  return Array.from(main.childNodes, (node) => document.importNode(node, true));
}
