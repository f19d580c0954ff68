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

/** @type {WeakMap<HTMLElement, number>} requests under way */ const under = new WeakMap();
/** @type {WeakSet<HTMLElement>} something happened meanwhile: to be looked at again when they are answered */ const again =
  new WeakSet();

/** Whether somebody is writing on it. @param {HTMLElement} sheet */
const isTaken = (sheet) => sheet.hasAttribute("data-touched") || sheet.contains(document.activeElement);

/** Loads a sheet again, unless somebody is writing on it by then, or it was to be read once. @param {HTMLElement} sheet */
export function refreshSheet(sheet) {
  const { fragment } = sheet.dataset;
  if (sheet.hasAttribute("data-still") || isTaken(sheet) || !fragment) return undefined;
  if (!under.get(sheet)) return fetchInto(sheet, fragment, undefined, () => !isTaken(sheet));
  again.add(sheet);
  return undefined;
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

/** @param {HTMLElement} sheet @param {string} address @param {FormData} [body] @param {() => boolean} [wanted] still */
async function fetchInto(sheet, address, body, wanted = () => true) {
  sheet.setAttribute("aria-busy", "true");
  under.set(sheet, (under.get(sheet) ?? 0) + 1);
  try {
    const content = await documentAt(address, body);
    if (!wanted()) return;
    sheet.replaceChildren(...content);
    sheet.removeAttribute("data-touched");
    sheet.dispatchEvent(new Event("filled"));
    if (body)
      /** @type {HTMLElement|null} */ (sheet.querySelector("[autofocus], [role=status], [role=alert]"))?.focus();
  } catch {
    if (!wanted()) return;
    if (body) sheet.prepend(make("p", "tw-notice tw-notice-stop", word("sheet-not-sent"), { role: "alert" }));
    else sheet.replaceChildren(missing(sheet, address));
  } finally {
    answered(sheet);
  }
}

/** @param {HTMLElement} sheet */
function answered(sheet) {
  const left = (under.get(sheet) ?? 1) - 1;
  under.set(sheet, left);
  if (left) return;
  sheet.removeAttribute("aria-busy");
  if (again.delete(sheet)) void refreshSheet(sheet);
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
