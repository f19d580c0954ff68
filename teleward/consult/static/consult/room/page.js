// The page as the modules see it: its words, its parts, its sections, its announcements; and what it says about a
// connection, decided without touching the page, so that Node can test it.

/** @typedef {import('../call/types.js').PeerView} Peer */
/** @typedef {Pick<import('../call/types.js').VerificationView, 'state'|'theirs'>} Verification */
/** @typedef {{key: string, values: Record<string, string>}} Line */
/** @typedef {{tone: 'good'|'look'|'stop'|'wait', lines: Line[]}} Sentence */

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
 * @property {{file?: number, chat?: number}} [limits]
 * @property {{decline?: string, over?: string, protection?: string, here?: string, devices?: string}} urls
 * @property {string} [phone]
 */

const here = /** @type {Document|undefined} */ (globalThis.document);
/** @type {Page} */
export const page = JSON.parse(here?.getElementById("page")?.textContent ?? "{}");
export const root = /** @type {HTMLElement} */ (here?.getElementById("room"));
const known = words();

/** The page's sentences by key; they are written and translated in the template. */
function words() {
  const holder = /** @type {HTMLTemplateElement|null|undefined} */ (here?.getElementById("words"));
  const rows = /** @type {Iterable<HTMLElement>} */ (holder?.content.querySelectorAll("[data-word]") ?? []);
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

const PATHS = new Set(["direct", "relayed"]);
const TONES = /** @type {Record<string, Sentence["tone"]>} */ ({
  verified: "good",
  known: "good",
  changed: "look",
  different: "stop",
});

/** The sentence about one peer: how the call travels and whether it was verified.
 * @param {Peer} peer @param {string} language @returns {Sentence} */
export function sentence(peer, language) {
  const values = { name: peer.name };
  const state = stand(peer.verification);
  if (state === "different") return { tone: "stop", lines: [{ key: "verified-different", values }] };
  if (peer.link !== "connected") {
    const link = ["new", "stalled", "gone"].includes(peer.link) ? peer.link : "new";
    return { tone: link === "new" ? "wait" : "look", lines: [{ key: `link-${link}`, values }] };
  }
  const path = PATHS.has(peer.path ?? "") ? peer.path : "unknown";
  return { tone: TONES[state] ?? "look", lines: [{ key: `path-${path}`, values }, proof(peer, language)] };
}

/** @param {Peer} peer @param {string} language @returns {Line} */
function proof(peer, language) {
  const { since } = peer.verification;
  const state = stand(peer.verification);
  const { name } = peer;
  if (state === "verified") return { key: "verified-both", values: { name, time: clock(since, language) } };
  if (state === "known") return { key: "verified-known", values: { name, date: day(since, language) } };
  const keys = /** @type {Record<string, string>} */ ({
    changed: "verified-changed",
    waiting: "verified-by-you",
  });
  return { key: keys[state] ?? "verified-not-yet", values: { name } };
}

/** Hour and minute of a moment, as people in this language write them.
 * @param {string|number|Date|null|undefined} at @param {string} language @param {string} [timeZone] */
export function clock(at, language, timeZone) {
  return new Intl.DateTimeFormat(spoken(language), { hour: "numeric", minute: "2-digit", timeZone }).format(moment(at));
}

/** English as the server's pages write it: 24 hours, the day before the month. @param {string} language */
const spoken = (language) => (language === "en" ? "en-GB" : language);

/** Day and month of a moment, with the year when it is not this one.
 * @param {string|number|Date|null|undefined} at @param {string} language @param {Date} [today] */
export function day(at, language, today = new Date()) {
  const when = moment(at);
  const year = when.getFullYear() === today.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(spoken(language), { day: "numeric", month: "long", year }).format(when);
}

/** A day without an hour is the same day wherever it is read. @param {string|number|Date|null|undefined} at */
function moment(at) {
  if (at === null || at === undefined) return new Date();
  return new Date(typeof at === "string" && at.length === "YYYY-MM-DD".length ? `${at}T00:00` : at);
}

/** The verification string in the form the two agreed on, as pieces to read aloud.
 * @param {import('../call/types.js').Spoken|null} spoken @param {string} form words-de|words-en|digits|emoji */
export function pieces(spoken, form) {
  if (!spoken) return [];
  if (form === "digits") return spoken.digits.replace(/\D/g, "").split("");
  if (form === "emoji") return spoken.emoji;
  return form === "words-de" ? spoken.de : spoken.en;
}

/** Who reads which half: the one with the higher seat (the patient) reads the first half, the other the rest.
 * @param {string[]} all @param {number} mySeat @param {number} theirSeat */
export function halves(all, mySeat, theirSeat) {
  const middle = Math.ceil(all.length / 2);
  const [first, second] = [all.slice(0, middle), all.slice(middle)];
  const iAmFirst = mySeat > theirSeat;
  return { mine: iAmFirst ? first : second, theirs: iAmFirst ? second : first, iAmFirst };
}

/** The form to begin with: words only when both sides read the same language.
 * @param {string|undefined} agreed "words" or "digits" @param {string} language */
export function firstForm(agreed, language) {
  if (agreed !== "words") return "digits";
  return language.startsWith("de") ? "words-de" : "words-en";
}

/** What to show of one peer's verification. Verified means that both have said so.
 * @param {Verification} verification */
export function stand({ state, theirs }) {
  if (state === "verified") return theirs === "same" ? "verified" : "waiting";
  if (["different", "changed", "known"].includes(state)) return state;
  return state === "ready" ? "compare" : "making";
}

export const SEEN = new Set(["video", "low-video"]);
export const LIVE = new Set([...SEEN, "one-way", "photo-audio", "audio"]);

/** Whether a mode uses my camera, my microphone. @param {string} mode */
export const needs = (mode) => ({ camera: SEEN.has(mode), microphone: LIVE.has(mode) });

/** The plain family of a mode: video, audio or text. @param {string} mode @returns {"video"|"audio"|"text"} */
export function family(mode) {
  if (SEEN.has(mode) || mode === "one-way") return "video";
  return LIVE.has(mode) || mode === "phone" ? "audio" : "text";
}
