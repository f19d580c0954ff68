/**
 * Whether a reading may be somebody else's, or no reading at all: then it waits for an answer and is sent to nobody.
 *
 * @typedef {import('./types.js').Quantity} Quantity
 * @typedef {import('./types.js').Reading} Reading
 * @typedef {import('./types.js').Value} Value
 * @typedef {{why: 'user', user: number}|{why: 'jump', value: Value, before: string}|{why: 'limits', value: Value}} Doubt
 */

const STORED = 10 * 60_000; // milliseconds after which a device's reading comes from its memory
export const UNKNOWN_USER = 255; // the device has users, and knows that it does not know which one it was

/** What is known of the person at the device so far: who they are to it, and the values that were theirs. */
export class Acquaintance {
  /** @type {Map<string, string>} the last value by code */ #last = new Map();
  /** @type {Set<number>} */ #own = new Set();
  /** @type {Set<number>} */ #others = new Set();

  /** @param {Quantity[]} quantities */
  constructor(quantities) {
    this.quantities = new Map(quantities.map((quantity) => [quantity.code, quantity]));
  }

  /** Whether the person said before that this user of the device is somebody else. @param {Reading} reading */
  isSomebodyElse({ user }) {
    return user !== null && this.#others.has(user);
  }

  /** What speaks against it being their reading. @param {Reading} reading @returns {Doubt[]} */
  doubts(reading) {
    const user = userOf(reading);
    const isNew = user !== null && !this.#own.has(user);
    return [...(isNew ? [{ why: /** @type {const} */ ("user"), user }] : []), ...reading.values.flatMap(this.#ofValue)];
  }

  /** It was theirs: nothing spoke against it, or they said so. @param {Reading} reading */
  isMine(reading) {
    const user = userOf(reading);
    if (user !== null) this.#own.add(user);
    for (const { code, value } of reading.values) if (value !== undefined) this.#last.set(code, value);
  }

  /** They said that it was not theirs. @param {Doubt[]} doubts */
  isNotMine(doubts) {
    for (const doubt of doubts) if (doubt.why === "user" && doubt.user !== UNKNOWN_USER) this.#others.add(doubt.user); // the next one may be theirs
  }

  /** @param {Value} value @returns {Doubt[]} */
  #ofValue = (value) => {
    const quantity = this.quantities.get(value.code);
    if (!quantity || value.value === undefined) return [];
    const now = Number(value.value);
    if (now < Number(quantity.lowest) || now > Number(quantity.highest)) return [{ why: "limits", value }];
    const before = this.#last.get(value.code);
    if (before === undefined || quantity.jump === null) return [];
    return Math.abs(now - Number(before)) > Number(quantity.jump) ? [{ why: "jump", value, before }] : [];
  };
}

/** Who it was to the device, if it has users. @param {Reading} reading */
const userOf = ({ user, flags }) => (flags.includes("unknown-user") ? UNKNOWN_USER : user);

/** Whether a device sent what it had measured long before, by its own clock. @param {Reading} reading */
export const isStored = ({ measured_at: measured, received_at: received }) =>
  measured !== null && Date.parse(received) - Date.parse(measured) > STORED;
