/**
 * From the frames of one device, or one form, to readings that are sent: each is held until nothing speaks against it or
 * the patient has said that it is theirs. No page elements.
 *
 * @typedef {import('./curve.js').Curve} Curve
 * @typedef {import('./types.js').Decode} Decode
 * @typedef {import('./types.js').Decoded} Decoded
 * @typedef {import('./types.js').Facts} Facts
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').Reading} Reading
 * @typedef {import('./types.js').Quantity} Quantity
 * @typedef {import('./types.js').Value} Value
 * @typedef {{why: 'user', user: number}|{why: 'jump', value: Value, before: string}|{why: 'limits', value: Value}} Doubt
 * @typedef {import('./flow.js').Flow} Flow
 */

const MOST_HELD = 600; // readings behind a question: ten minutes of one a second
const FOLLOWS = "context-follows";
const SENSOR = "181F";
const SOON = 1500; // milliseconds that a reading waits for what the device says besides

/** Events: 'discarded' {count}, 'stored' {reading}, 'unreadable' {reason}. */
export class Taking extends EventTarget {
  pairing = crypto.randomUUID();
  /** @type {Reading[]} */ #held = [];
  #given = 0; // up, of those behind a question
  /** @type {Reading|null} of which the device will say more */ #announced = null;
  #asking = false;
  /** @type {Curve|null} */ #curve = null;
  #sequence = 0;

  /**
   * @param {{kind: Kind, flow: Flow, acquaintance: Acquaintance, decode?: Decode, curve?: () => Curve, now?: () => Date,
   *   wait?: (milliseconds: number) => Promise<void>, ask: (doubts: Doubt[], reading: Reading) => Promise<boolean>}} parts
   */
  constructor({ kind, flow, acquaintance, decode, curve, ask, now = () => new Date(), wait = pause }) {
    super();
    this.kind = kind;
    this.flow = flow;
    this.acquaintance = acquaintance;
    this.decode = decode;
    this.curve = curve;
    this.ask = ask;
    this.now = now;
    this.wait = wait;
  }

  /** What came from the device. @param {string} characteristic @param {DataView} frame @param {Facts} facts */
  take(characteristic, frame, facts) {
    try {
      const decoded = this.decode?.(characteristic, frame);
      if (decoded?.waveform) return this.#wave(frame, decoded, facts);
      const all = decoded ? [decoded, ...(decoded.more ?? [])] : [];
      for (const one of all) this.#one(one, facts);
    } catch (error) {
      const { reason = "unreadable" } = /** @type {{reason?: string}} */ (error);
      this.#say("unreadable", { reason });
    }
    return undefined;
  }

  /** What somebody typed. @param {Reading['values']} values @param {string[]} flags */
  typed(values, flags) {
    return this.offer({ ...this.#reading({ values, flags }, {}), source: "typed" });
  }

  /** Sends it, or asks first; what comes meanwhile waits. @param {Reading} reading */
  async offer(reading) {
    if (this.#asking) {
      this.#held.push(reading);
      if (this.#held.length > MOST_HELD && this.#held.shift()) this.#given += 1;
      return;
    }
    if (this.acquaintance.isSomebodyElse(reading)) return void this.#say("discarded", { count: 1 });
    const doubts = this.acquaintance.doubts(reading);
    if (doubts.length === 0) return this.#send(reading);
    await this.#question(doubts, reading);
  }

  /** @param {Doubt[]} doubts @param {Reading} reading */
  async #question(doubts, reading) {
    this.#asking = true;
    const isMine = await this.ask(doubts, reading);
    this.#asking = false;
    const [held, given] = [this.#held.splice(0), this.#given];
    this.#given = 0;
    if (isMine) this.#send(reading);
    else this.acquaintance.isNotMine(doubts);
    const count = given + (isMine ? 0 : 1 + held.length);
    if (count) this.#say("discarded", { count });
    if (isMine) for (const one of held) await this.offer(one);
  }

  /** @param {Reading} reading */
  #send(reading) {
    this.acquaintance.isMine(reading);
    this.flow.send(reading, this.pairing);
  }

  /** A reading, or what the person told the device about the last one. @param {Decoded} decoded @param {Facts} facts */
  #one(decoded, facts) {
    if (!decoded.values.length) return this.#said(decoded);
    this.#goOn(); // what was announced and not said is not waited for
    const reading = this.#reading(decoded, facts);
    if (!reading.flags.includes(FOLLOWS)) return void this.#offerOrSetAside(reading);
    this.#announced = reading;
    return void this.wait(SOON).then(() => this.#announced === reading && this.#goOn());
  }

  /** @param {Decoded} decoded */
  #said({ sequence, flags = [] }) {
    const of = this.#announced;
    if (!of || of.sequence !== sequence) return;
    of.flags = [...of.flags.filter((flag) => flag !== FOLLOWS), ...flags];
    this.#goOn();
  }

  #goOn() {
    const reading = this.#announced;
    this.#announced = null;
    if (reading) this.#offerOrSetAside(reading);
  }

  /** What a device had in its memory is sent only when it is asked for. What a glucose sensor tells unasked is of now,
   * whatever its clock says: from its memory it tells nothing of itself. @param {Reading} reading */
  #offerOrSetAside(reading) {
    return isStored(reading) && this.kind.service !== SENSOR ? this.#say("stored", { reading }) : this.offer(reading);
  }

  /** A curve goes on as it comes; what of it may be kept is held here. @param {DataView} frame @param {Decoded} decoded
   * @param {Facts} facts */
  #wave(frame, { sequence, waveform }, facts) {
    if (this.#asking || !this.flow.sendWave(this.kind.name, this.pairing, frame) || !waveform || !this.curve) return;
    this.#curve ??= this.flow.beginCurve(this.#reading({ values: [] }, facts), this.pairing, this.curve());
    this.#curve?.take(sequence ?? -1, waveform);
  }

  /** @param {Decoded} decoded @param {Facts} device @returns {Reading} */
  #reading({ values, measured_at: measured = null, user = null, flags = [], sequence = null }, device) {
    this.#sequence = sequence ?? this.#sequence + 1;
    return {
      id: crypto.randomUUID(),
      kind: this.kind.name,
      sequence: this.#sequence,
      source: "device",
      measured_at: measured && new Date(measured).toISOString(), // mostly without a zone: it is the one here
      received_at: this.now().toISOString(),
      values,
      device,
      user,
      flags,
      waveform: null,
    };
  }

  /** @param {string} type @param {object} detail */
  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {number} milliseconds @returns {Promise<void>} */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Whether a reading may be somebody else's, or no reading at all: then it waits for an answer and is sent to nobody.

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
