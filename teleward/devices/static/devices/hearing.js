/**
 * What one person says about measurements, as far as it may be shown: one message after the other, each for this visit, of
 * a sharing the server knows, from a pairing that was announced in it, and no more a second than devices measure.
 *
 * @typedef {import('./checking.js').Kind} Kind
 * @typedef {{kinds: string[], until: string, stopped: boolean}} Sharing
 * @typedef {{sharing: string, kind: string}} Pairing
 */
import { parsed } from "./channel.js";
import { isId, must, Refused, readKinds, readNamedFrame, readReading, STATES, UNTIL } from "./checking.js";

const SEEN = 5000; // ids of messages already taken
const QUEUED = 200;
const MESSAGES = { atOnce: 60, aSecond: 20 };
const STOPS = { atOnce: 40, aSecond: 5 }; // a stop does not wait behind what is too much
const FRAMES = { atOnce: 1500, aSecond: 60 }; // a minute that was held up arrives in one go
const PAIRINGS = 32;
const STATUS = new Set(["kept", "already", "refused"]);

/** So many at once, then so many a second. */
export class Patience {
  /** @param {{atOnce: number, aSecond: number}} limits */
  constructor(limits) {
    this.limits = limits;
    this.left = limits.atOnce;
    this.since = performance.now();
  }

  /** @returns {boolean} whether one more is all right */
  one() {
    const now = performance.now();
    const { atOnce, aSecond } = this.limits;
    this.left = Math.min(atOnce, this.left + ((now - this.since) / 1000) * aSecond);
    this.since = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}

export class Hearing {
  /** @type {Map<string, Sharing>} */ #sharings = new Map();
  /** @type {Map<string, Pairing>} */ #pairings = new Map();
  /** @type {Map<string, string>} what was answered to which message */ #answered = new Map();
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  #queued = 0;
  #messages = new Patience(MESSAGES);
  #stops = new Patience(STOPS);
  #frames = new Patience(FRAMES);

  /** @param {{visit: string, kinds: Record<string, Kind>, vouches: (sharing: string) => Promise<boolean>,
   *   emit: (type: string, detail: object) => boolean, answer: (answer: object) => unknown}} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** Whether nothing was ever announced here, as after a reload. */
  get isNew() {
    return this.#sharings.size === 0;
  }

  /** @param {string|ArrayBuffer} data @returns {Record<string, any>|null} */
  read(data) {
    const message = parsed(data);
    if (!message) this.#dropped("malformed");
    return message;
  }

  /** Taken in its turn; what is too much is not acknowledged, and comes again. @param {Record<string, any>} message */
  take(message) {
    const patience = message.t === "stop" ? this.#stops : this.#messages;
    if (this.#queued >= QUEUED || !patience.one()) return this.#dropped("too-many");
    this.#queued += 1;
    this.#queue = this.#queue
      .then(() => this.#inTurn(message))
      .catch(() => this.#dropped("not-vouched")) // the server was away: no answer, so it comes again
      .finally(() => {
        this.#queued -= 1;
      });
  }

  /** @param {string|ArrayBuffer} data */
  wave(data) {
    try {
      must(this.#frames.one(), "too-many");
      const { sharing, pairing, wave } = readNamedFrame(data);
      this.#pairing(sharing, pairing);
      this.parts.emit("wave", { sharing, pairing, wave });
    } catch (refused) {
      const code = refused instanceof Refused ? refused.code : "malformed";
      if (code !== "stopped") this.#dropped(code); // it was on its way when the patient stopped
    }
  }

  /** @param {Record<string, any>} message */
  async #inTurn(message) {
    const { id } = message;
    if (!isId(id)) return this.#dropped("malformed");
    const before = this.#answered.get(id);
    const dropped = before ?? (await this.#judged(message));
    this.parts.answer({ t: "ack", id, ...(dropped && { dropped }) });
    this.#answered.set(id, dropped);
    if (this.#answered.size > SEEN) this.#answered.delete([...this.#answered.keys()][0] ?? "");
  }

  /** @param {Record<string, any>} message @returns {Promise<string>} why it was dropped */
  async #judged(message) {
    try {
      must(message.visit === this.parts.visit, "visit");
      const act = Object.hasOwn(this.#acts, message.t) ? this.#acts[message.t] : null;
      must(act && isId(message.sharing));
      await act(message);
      return "";
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this.#dropped(refused.code);
      return refused.code;
    }
  }

  #acts = /** @type {Record<string, (message: Record<string, any>) => unknown>} */ ({
    sharing: (message) => this.#shared(message),
    state: (message) => this.#stands(message),
    reading: (message) => this.#measured(message),
    kept: (message) => this.#kept(message),
    missing: (message) => this.#missing(message),
    stop: (message) => this.#stopped(message),
  });

  /** @param {Record<string, any>} message */
  async #shared({ sharing, kinds, until }) {
    const known = this.#sharings.get(sharing);
    if (known) return must(!known.stopped, "stopped");
    must(UNTIL.has(until));
    const said = readKinds(kinds, this.parts.kinds);
    must(await this.parts.vouches(sharing), "sharing");
    this.#sharings.set(sharing, { kinds: said, until, stopped: false });
    this.parts.emit("sharing", { sharing, kinds: said, until });
  }

  /** @param {Record<string, any>} message */
  #stands({ sharing, pairing, kind, state }) {
    const shared = this.#sharing(sharing);
    must(isId(pairing) && STATES.has(state));
    must(shared.kinds.includes(kind), "kind");
    const known = this.#pairings.get(pairing);
    must(known ? known.sharing === sharing && known.kind === kind : this.#pairings.size < PAIRINGS, "pairing");
    this.#pairings.set(pairing, { sharing, kind });
    this.parts.emit("state", { sharing, pairing, kind, state });
  }

  /** @param {Record<string, any>} message */
  #measured({ sharing, pairing, sent_at, reading }) {
    const { kind } = this.#pairing(sharing, pairing);
    const read = readReading(reading, /** @type {Kind} */ (this.parts.kinds[kind]));
    const age = Math.max(0, Date.parse(sent_at) - Date.parse(read.received_at));
    must(!Number.isNaN(age));
    this.parts.emit("reading", { sharing, pairing, reading: read, age });
  }

  /** @param {Record<string, any>} message */
  #kept({ sharing, pairing, reading, status }) {
    this.#pairing(sharing, pairing);
    must(isId(reading) && STATUS.has(status));
    this.parts.emit("kept", { sharing, pairing, reading, status });
  }

  /** @param {Record<string, any>} message */
  #missing({ sharing, count }) {
    this.#sharing(sharing);
    must(Number.isSafeInteger(count) && count > 0);
    this.parts.emit("missing", { sharing, count });
  }

  /** @param {Record<string, any>} message */
  #stopped({ sharing }) {
    const known = this.#sharings.get(sharing);
    if (!known || known.stopped) return; // it was over before this page was loaded, or is already
    known.stopped = true;
    this.parts.emit("stop", { sharing });
  }

  /** @param {string} sharing @returns {Sharing} */
  #sharing(sharing) {
    const known = this.#sharings.get(sharing);
    must(known, "sharing");
    must(!known.stopped, "stopped");
    return known;
  }

  /** @param {string} sharing @param {string} pairing @returns {Pairing} */
  #pairing(sharing, pairing) {
    this.#sharing(sharing);
    const known = this.#pairings.get(pairing);
    must(known?.sharing === sharing, "pairing");
    return known;
  }

  /** @param {string} code */
  #dropped(code) {
    this.parts.emit("dropped", { code });
  }
}
