// The page as the modules see it: its words, its parts, its sections, its announcements.

/**
 * @typedef {object} Page
 * @property {string} socket
 * @property {string} visit
 * @property {'host'|'guest'} side
 * @property {string} role
 * @property {string} name
 * @property {string} mode
 * @property {string[]} [modes] those the practice offers
 * @property {string} language
 * @property {string} [form]
 * @property {{file?: number, chat?: number}} [limits]
 * @property {{decline?: string, over?: string, protection?: string}} urls
 * @property {string} [phone]
 */

/** @type {Page} */
export const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}");
export const root = /** @type {HTMLElement} */ (document.getElementById("room"));
const known = words();

/** The page's sentences by key; they are written and translated in the template. */
function words() {
  const holder = /** @type {HTMLTemplateElement} */ (document.getElementById("words"));
  const rows = /** @type {NodeListOf<HTMLElement>} */ (holder.content.querySelectorAll("[data-word]"));
  return new Map(Array.from(rows, (row) => [row.dataset.word ?? "", row.textContent?.trim() ?? ""]));
}

/** The sentence of a key, with its {places} filled in. An unknown key shows itself, so that a test finds it.
 * @param {string} key @param {Record<string, string|number>} [values] */
export function word(key, values = {}) {
  return (known.get(key) ?? key).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** A picture and its name, which is what one reads aloud. @param {string} id such as "dog" */
export function pictureOf(id) {
  const holder = /** @type {HTMLTemplateElement} */ (document.getElementById("words"));
  const { ids = "", glyphs = "" } = /** @type {HTMLElement} */ (holder.content.querySelector("[data-ids]")).dataset;
  const place = ids.split(" ").indexOf(id);
  return { glyph: glyphs.split(" ")[place] ?? "", name: word("pictures").split(", ")[place] ?? id };
}

/** @param {string} key */
export const hasWord = (key) => known.has(key);

/** The element with this data-part; missing ones are a mistake in the template.
 * @template {HTMLElement} [T=HTMLElement] @param {string} name @param {ParentNode} [within] @returns {T} */
export function part(name, within = root) {
  const found = within.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`part ${name} is missing`);
  return /** @type {T} */ (found);
}

/** All buttons with this data-press.
 * @param {string} name @returns {HTMLButtonElement[]} */
export const presses = (name) => Array.from(root.querySelectorAll(`[data-press="${name}"]`));

/** Calls `act` when a button with this data-press is pressed.
 * @param {string} name @param {(button: HTMLButtonElement) => void} act */
export function onPress(name, act) {
  for (const button of presses(name)) button.addEventListener("click", () => act(button));
}

/** Shows one of a set of sections, hides the others and puts the focus on its heading.
 * @param {string} kind "section" or "view" @param {string} name */
export function show(kind, name) {
  for (const other of root.querySelectorAll(`[data-${kind}]`)) {
    if (other instanceof HTMLElement) other.hidden = other.dataset[kind] !== name;
  }
  const chosen = root.querySelector(`[data-${kind}="${name}"]`);
  const heading = /** @type {HTMLElement|null} */ (chosen?.querySelector("h1[tabindex]"));
  heading?.focus({ preventScroll: true });
  chosen?.scrollIntoView({ block: "nearest" });
}

/** @param {string} name */
export const showing = (name) => root.querySelector(`[data-section="${name}"]:not([hidden])`) !== null;

/** A new element with its class, text and attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} className @param {string} [text] @param {Record<string, string>} [attributes] */
export function make(tag, className, text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** A button that does something.
 * @param {string} className @param {string} text @param {() => void} act */
export function button(className, text, act) {
  const made = make("button", className, text, { type: "button" });
  made.addEventListener("click", act);
  return made;
}

/** Shows or replaces the notice of this name above the call; an empty text takes it away.
 * @param {string} name @param {string} text @param {string} [tone] @param {HTMLElement[]} [buttons] */
export function notice(name, text, tone = "look", buttons = []) {
  const board = part("notices");
  const old = board.querySelector(`[data-notice="${name}"]`);
  if (!text) return old?.remove();
  if (old?.firstElementChild?.textContent === text) return undefined;
  const made = make("div", `tw-notice tw-notice-${tone}`, "", { "data-notice": name });
  made.append(make("p", "", text), ...buttons);
  old ? old.replaceWith(made) : board.append(made);
  return undefined;
}

/** The same for this tab after a reload, so that the seat is found again. Nothing else is stored. */
export function peerId() {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  const fresh = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const id = sessionStorage.getItem("teleward-peer") ?? fresh;
  sessionStorage.setItem("teleward-peer", id);
  return id;
}
