/**
 * Says at the top of the list whether it is sealed, and marks the entry that is not. It shows the page's own words.
 *
 * @typedef {import("./verify.js").Proofs} Proofs
 * @typedef {import("./verify.js").Memory} Memory
 * @typedef {import("./verify.js").Entry} Entry
 * @typedef {Proofs & {damaged: boolean}} Answer
 * @typedef {{sealed: number[], waiting: number[], closed: number[], witnesses: string[], memory: Memory|null, entries: Entry[]}} Found
 */

import { forget, keep, nameOf, recall } from "./memory.js";
import { Broken, read, verify } from "./verify.js";

const SLICE = 200;
const LATE = 10 * 60_000; // milliseconds in which the sequencer takes an entry up, many times over
const PAUSES = [1200, 2000, 4000, 8000, 16_000];

/** @param {HTMLElement} panel @param {string} stand @param {{reason?: string, number?: number, counts?: Record<string, number>}} [more] */
function show(panel, stand, { reason = "", number = 0, counts = {} } = {}) {
  for (const part of panel.querySelectorAll("[data-state]"))
    part.toggleAttribute("hidden", part.getAttribute("data-state") !== stand);
  for (const part of panel.querySelectorAll("[data-reason]"))
    part.toggleAttribute("hidden", part.getAttribute("data-reason") !== reason);
  for (const [name, count] of Object.entries(counts))
    for (const part of panel.querySelectorAll(`[data-count="${name}"]`)) part.textContent = String(count);
  for (const part of panel.querySelectorAll("[data-when]"))
    part.toggleAttribute("hidden", !counts[part.getAttribute("data-when") ?? ""]);
  mark("data-broken", number ? [number] : []);
  panel.dataset.stand = stand;
}

/** Shows a mark at the accesses that these entries belong to. @param {string} name @param {number[]} numbers */
function mark(name, numbers) {
  for (const item of document.querySelectorAll("[data-numbers]"))
    for (const part of item.querySelectorAll(`[${name}]`))
      part.toggleAttribute("hidden", !numbersOf(item).some((number) => numbers.includes(number)));
}

/** @param {Element} item */
const numbersOf = (item) => (item.getAttribute("data-numbers") ?? "").split(" ").filter(Boolean).map(Number);
/** @param {Entry} entry */
const factsOf = (entry) => (entry.body ? JSON.parse(entry.body) : null);
/** @param {string} text a time as JSON or as HTML has it */
const instant = (text) => Math.floor(Date.parse(text.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1")));

/** @param {HTMLElement} panel @param {number} first @param {number} last @param {Memory|null} memory @returns {Promise<Answer>} */
async function fetched(panel, first, last, memory) {
  const seen = memory ? read(memory.checkpoint).size : 0;
  const asked = new URLSearchParams({ first: String(first), last: String(last), seen: String(seen) });
  const answer = await fetch(`${panel.dataset.proofs}?${asked}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new TypeError(`answered ${answer.status}`);
  return answer.json();
}

/** Everything on the page, slice by slice, each beginning with the last entry of the one before. @param {HTMLElement} panel @param {Memory|null} memory @returns {Promise<Found>} */
async function checked(panel, memory) {
  const [shown, bottom] = [Number(panel.dataset.first), Number(panel.dataset.last)];
  const isNewest = "newest" in panel.dataset; // then what another tab has seen since must be there as well
  const top = isNewest ? Math.max(shown, memory?.number ?? 0) : shown;
  /** @type {Found} */
  const found = { sealed: [], waiting: [], closed: [], witnesses: [], memory, entries: [] };
  for (let first = top; first >= bottom && (first > bottom || first === top); first -= SLICE - 1) {
    const answer = await fetched(panel, first, Math.max(bottom, first - SLICE + 1), memory);
    await take(found, { ...answer, newest: isNewest && first === top }, first, memory);
  }
  if (found.entries.at(-1)?.number !== bottom) throw new Broken("missing", bottom);
  return found;
}

/** @param {Found} found @param {Answer} answer @param {number} first @param {Memory|null} memory */
async function take(found, answer, first, memory) {
  const before = found.entries.at(-1);
  const [newest] = answer.entries;
  if (answer.damaged) throw new Broken("tree");
  if (newest?.number !== first || (before && before.leaf !== newest.leaf)) throw new Broken("missing", first);
  if (!answer.checkpoint && memory) throw new Broken("rollback");
  const fresh = before ? answer.entries.slice(1) : answer.entries;
  found.entries.push(...fresh);
  if (!answer.checkpoint) return void found.waiting.push(...fresh.map((entry) => entry.number));
  const result = await verify(answer, memory);
  const isFresh = (/** @type {number} */ number) => fresh.some((entry) => entry.number === number);
  for (const kind of /** @type {const} */ (["sealed", "waiting", "closed"]))
    found[kind].push(...result[kind].filter(isFresh));
  if (!before) Object.assign(found, { memory: result.memory, witnesses: result.witnesses });
}

/** Holds what the page shows against what was checked. @param {HTMLElement} panel @param {Found} found */
function compare(panel, found) {
  const entries = new Map(found.entries.map((entry) => [entry.number, entry]));
  const shown = [...document.querySelectorAll("[data-numbers]")];
  for (const item of shown) {
    const numbers = numbersOf(item);
    const stranger = numbers.find((number) => !entries.has(number));
    if (stranger !== undefined) throw new Broken("shown", stranger);
    const facts = factsOf(/** @type {Entry} */ (entries.get(numbers[0] ?? 0)));
    const told = item.querySelector("time")?.dateTime ?? "";
    if (facts && instant(facts.at) !== instant(told)) throw new Broken("shown", numbers[0]);
  }
  const said = new Set(shown.flatMap(numbersOf));
  const mustShow = (/** @type {Entry} */ entry) =>
    entry.number <= Number(panel.dataset.first) && factsOf(entry)?.outcome !== "done";
  const hidden = found.entries.find((entry) => mustShow(entry) && !said.has(entry.number));
  if ("whole" in panel.dataset && hidden) throw new Broken("shown", hidden.number);
  late(found, entries);
}

/** An entry that waits although it is old was left out of the tree. @param {Found} found @param {Map<number, Entry>} entries */
function late(found, entries) {
  const at = (/** @type {number} */ number) => instant(factsOf(/** @type {Entry} */ (entries.get(number)))?.at ?? "");
  const newest = Math.max(...found.entries.map((entry) => at(entry.number)).filter(Number.isFinite));
  const oldest = found.waiting.find((number) => newest - at(number) > LATE);
  const skipped = found.waiting.find((number) => number < Math.max(0, ...found.sealed));
  if (oldest ?? skipped) throw new Broken("late", oldest ?? skipped);
}

/** @param {HTMLElement} panel @param {string} name @returns {Promise<boolean>} whether there is something left to wait for */
async function once(panel, name) {
  const memory = await recall(name);
  const found = await checked(panel, memory);
  compare(panel, found);
  mark("data-waiting", found.waiting);
  const isKept = found.memory ? await keep(name, found.memory) : true;
  const counts = {
    sealed: found.sealed.length,
    closed: found.closed.length,
    waiting: found.waiting.length,
    witnesses: found.witnesses.length,
    again: memory ? 1 : 0,
    unkept: isKept ? 0 : 1,
  };
  show(panel, found.waiting.length ? "waiting" : "sealed", { counts });
  return found.waiting.length > 0;
}

/** @param {HTMLElement} panel */
async function watch(panel) {
  const name = await nameOf(panel.dataset.chain ?? "");
  panel.querySelector("[data-forget]")?.addEventListener("click", async () => {
    await forget(name);
    location.reload();
  });
  show(panel, "checking");
  await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  for (const pause of [0, ...PAUSES]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!(await once(panel, name))) return;
  }
}

/** @param {HTMLElement} panel @param {unknown} problem */
function explain(panel, problem) {
  if (problem instanceof Broken) return show(panel, "wrong", problem);
  const lacks = problem instanceof DOMException && ["NotSupportedError", "SyntaxError"].includes(problem.name);
  show(panel, lacks || !crypto.subtle ? "unable" : "unreachable");
}

const panel = document.querySelector("[data-seal]");
if (panel instanceof HTMLElement) watch(panel).catch((problem) => explain(panel, problem));
