/**
 * What is to be thought of a reading: how old it is, whether it is outside the limits or can hardly be. No page, no clock of
 * its own; all times are milliseconds.
 *
 * @typedef {import('./page.js').Quantity} Quantity
 * @typedef {import('./page.js').Kind} Kind
 * @typedef {import('../checking.js').Reading} Reading
 * @typedef {import('../checking.js').Value} Value
 * @typedef {{reading: Reading, pairing: string, taken: number, kept: string, photo?: string}} Entry `taken` on this
 *   page's own running clock: when it came, less its age when it was sent; `photo` is the address of one of its display
 */

const AGREES = 60_000; // a device's clock that is at most so far from the receiver's is not worth a word

/** By how much the device's own clock says it is older than what received it says; negative where it is ahead.
 * @param {Reading} reading @returns {number|null} null where the device says no time, or the same */
export function clockSays({ measured_at, received_at }) {
  if (measured_at === null) return null;
  const behind = Date.parse(received_at) - Date.parse(measured_at);
  return Math.abs(behind) <= AGREES ? null : behind;
}

/** When it was measured, on this page's clock: the earlier of what was received and what the device says.
 * @param {Pick<Entry, "reading"|"taken">} entry */
const momentOf = ({ reading, taken }) => taken - Math.max(0, clockSays(reading) ?? 0);

/** The older of both, so that nothing old is taken for new. @param {Pick<Entry, "reading"|"taken">} entry
 * @param {number} now */
export const ageOf = (entry, now) => now - momentOf(entry);

/** @param {Entry} entry @param {Kind} kind @param {number} now */
export const isStale = (entry, kind, now) => ageOf(entry, now) > kind.stale_after * 1000;

/**
 * @param {Value} value @param {Quantity} quantity
 * @returns {{implausible: boolean, side: 'above'|'below'|'', limit: string}}
 */
export function judged({ value }, { lowest, highest, low, high }) {
  const none = /** @type {const} */ ({ implausible: false, side: "", limit: "" });
  if (value === undefined) return none;
  const number = Number(value);
  const implausible = number < Number(lowest) || number > Number(highest);
  if (low !== null && number < Number(low)) return { implausible, side: "below", limit: low };
  if (high !== null && number > Number(high)) return { implausible, side: "above", limit: high };
  return { ...none, implausible };
}

const LOST = new Set(["out-of-range", "disconnected", "stopped"]);

/** How the devices of a kind are: the one heard of last, and before it those that still measure.
 * @param {Iterable<string>} states the newest last @returns {{states: string[], isLost: boolean}} */
export function standingOf(states) {
  const all = [...states];
  const active = all.filter((state) => !LOST.has(state));
  return { states: [...new Set([...active, ...all.slice(-1)])], isLost: all.length > 0 && active.length === 0 };
}

/** The first value of a code. @param {Reading} reading @param {string} code */
export const valueFor = (reading, code) => reading.values.find((value) => value.code === code);

/** The newest that says what the kind is for: a time between beats does not push the pulse away.
 * @param {Entry[]} entries in their order @param {Kind} kind @returns {Entry|undefined} */
export function newestOf(entries, { quantities: [first] }) {
  const says = (/** @type {Entry} */ { reading }) => first !== undefined && valueFor(reading, first.code) !== undefined;
  return entries.findLast(says) ?? entries.at(-1);
}

/** When it was measured, by the clock of the browser that sent it: what comes from one browser is ordered by that alone.
 * @param {Reading} reading */
const saidOf = (reading) => Date.parse(reading.received_at) - Math.max(0, clockSays(reading) ?? 0);

/** In the order they were measured; one that is known already changes nothing.
 * @param {Entry[]} entries @param {Entry} entry @param {number} most @returns {boolean} whether it is new */
export function insert(entries, entry, most) {
  if (entries.some(({ reading }) => reading.id === entry.reading.id)) return false;
  const at = entries.findLastIndex(({ reading }) => saidOf(reading) <= saidOf(entry.reading)) + 1;
  entries.splice(at, 0, entry);
  if (entries.length > most) entries.shift();
  return true;
}

/** The quantities drawn over time: the first, and what is measured in the same unit beside it.
 * @param {Kind} kind @returns {Quantity[]} */
export function drawn({ quantities: [first, second] }) {
  if (!first) return [];
  return second && second.unit === first.unit ? [first, second] : [first];
}

/**
 * Each value a dot, nothing between them.
 * @param {Entry[]} entries @param {Quantity[]} quantities @param {number} now @param {number} shortest span shown
 */
export function dots(entries, quantities, now, shortest) {
  const span = Math.max(shortest, ...entries.slice(0, 1).map((entry) => ageOf(entry, now)));
  const all = quantities.flatMap((quantity, row) =>
    entries.flatMap((entry) => {
      const value = valueFor(entry.reading, quantity.code);
      if (value?.value === undefined) return [];
      const { side, implausible } = judged(value, quantity);
      const isOut = side !== "" || implausible;
      return [{ x: 1 - ageOf(entry, now) / span, number: Number(value.value), text: value.value, row, isOut }];
    }),
  );
  return { span, all };
}

/** From where to where the picture reaches: all values, and the limits when they are near.
 * @param {{number: number}[]} all @param {Quantity[]} quantities */
export function reach(all, quantities) {
  const numbers = all.map(({ number }) => number);
  const limits = quantities.flatMap(({ low, high }) => [low, high]).filter((limit) => limit !== null);
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  const room = Math.max(highest - lowest, Math.abs(highest) * 0.1, 1);
  const near = limits.map(Number).filter((limit) => limit > lowest - 2 * room && limit < highest + 2 * room);
  return { bottom: Math.min(lowest, ...near) - room * 0.15, top: Math.max(highest, ...near) + room * 0.15 };
}
