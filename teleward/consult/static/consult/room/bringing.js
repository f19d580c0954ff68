// What a sheet or drawer of another room brings along: a module of its own, begun when its content is there and ended when
// that is replaced. `<div data-module="…" data-page='{…}'>` names the module and what it is to know. A sheet with
// data-wakes="readings" opens by itself when the call says that.

import { fetched } from "../desk/fetched.js";
import { button, make, root, word } from "./page.js";

/** @typedef {import('../call/call.js').Call} Call */
/** @typedef {(() => void)|undefined} End */
/** @typedef {{begin: (element: HTMLElement, given: {call: Call, page: any}) => End}} Brought */

/** The sheets that are there. @param {Call} call */
export function bindBrought(call) {
  const sheets = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-fragment]"));
  for (const sheet of sheets) {
    bringing(sheet, call);
    const { wakes } = sheet.dataset;
    const open = () => sheet.closest("details")?.setAttribute("open", "");
    if (wakes && waits(call)) open();
    else if (wakes) call.addEventListener(wakes, open, { once: true });
  }
}

/** Whether readings came before anybody listened for them. @param {Call} call */
const waits = (call) => [...call.state.peers.keys()].some((peer) => call.pipes(peer)?.readings.waiting);

/** The drawer opens and closes; with the first press its content is fetched. Opened, it takes the focus; Escape closes it
 * and gives the focus back.
 * @param {HTMLElement} drawer @param {HTMLElement} opener @param {string} address @param {Call} call */
export function toggleDrawer(drawer, opener, address, call) {
  move(drawer, opener);
  if (drawer.dataset.fragment) return;
  drawer.dataset.fragment = address;
  bringing(drawer, call);
  drawer.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape" || /** @type {Element} */ (target).closest("dialog")) return;
    move(drawer, opener);
    opener.focus();
  });
  fill(drawer, address);
}

/** @param {HTMLElement} drawer @param {HTMLElement} opener */
function move(drawer, opener) {
  drawer.hidden = !drawer.hidden;
  opener.setAttribute("aria-expanded", String(!drawer.hidden));
  const headings = /** @type {NodeListOf<HTMLElement>} */ (drawer.querySelectorAll("h2[tabindex]"));
  if (!drawer.hidden) for (const heading of headings) heading.focus(); // one that is hidden takes none
}

/** As a document of its own: scripts in it never run. @param {HTMLElement} drawer @param {string} address */
async function fill(drawer, address) {
  try {
    const { part } = await fetched(address);
    drawer.replaceChildren(...Array.from(part.body.childNodes, (node) => document.importNode(node, true)));
    drawer.dispatchEvent(new Event("filled"));
  } catch {
    const again = button("tw-button tw-button-second", word("sheet-again"), () => fill(drawer, address));
    drawer.replaceChildren(make("p", "", word("sheet-missing"), { role: "alert" }), again);
  }
}

/** @param {HTMLElement} sheet @param {Call} call */
function bringing(sheet, call) {
  /** @type {Promise<End>[]} */ let begun = [];
  sheet.addEventListener("filled", () => {
    for (const one of begun) one.then((end) => end?.());
    const all = /** @type {NodeListOf<HTMLElement>} */ (sheet.querySelectorAll("[data-module]"));
    begun = Array.from(all, (element) => begin(element, call));
  });
}

/** @param {HTMLElement} element @param {Call} call @returns {Promise<End>} how to end it */
async function begin(element, call) {
  const { module = "", page = "{}" } = element.dataset;
  const brought = /** @type {Brought|null} */ (await import(module).catch(() => null));
  if (!brought) return missing(element, call);
  return element.isConnected ? brought.begin(element, { call, page: JSON.parse(page) }) : undefined;
}

/** What cannot be loaded now may be loaded in a moment. @param {HTMLElement} element @param {Call} call @returns {End} */
function missing(element, call) {
  /** @type {Promise<End>|null} */ let begun = null;
  const note = make("div", "");
  const again = () => {
    note.remove();
    begun = begin(element, call);
  };
  note.append(make("p", "", word("sheet-missing"), { role: "alert" }));
  note.append(button("tw-button tw-button-second", word("sheet-again"), again));
  element.prepend(note);
  return () => void begun?.then((end) => end?.());
}
