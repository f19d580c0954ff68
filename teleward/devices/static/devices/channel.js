/**
 * Measurements between the browsers of one call: what is shared, from which device, what it says and how it is. The same
 * class stands on both sides; docs/reference/live-readings.md is the protocol. What arrives is checked against the visit,
 * the sharing and the pairing it claims; what does not fit is never handed on, only noted.
 *
 * @typedef {import('./outbox.js').Pipe} Pipe
 * @typedef {import('./outbox.js').Message} Message
 * @typedef {{role: string, name: string, seat?: number, link?: string, verification?: {state: string}}} Person
 * @typedef {Map<string, {message: Message, needs: string}>} Told by key, in the order it was said
 * @typedef {EventTarget & {pipes: (peer: string) => {readings: Pipe, waves: Pipe}|null,
 *   state: {peers: Map<string, Person>}}} Call the part of a call this needs
 * @typedef {{emit: (type: string, detail: object) => boolean, answer: (answer: object) => unknown}} Wired
 * @typedef {Pick<import('./hearing.js').Hearing, 'isNew'|'read'|'take'|'wave'>} Listener
 * @typedef {{visit: string, tells?: (person: Person) => boolean, hears?: (person: Person) => boolean,
 *   listener?: ((wired: Wired) => Listener)|null}} How `tells` says to whom measurements go, `hears` from whom they are
 *   taken, `listener` makes who checks what is heard; a side that only tells has none
 */
import { AGAIN, Outbox } from "./outbox.js";

const REMEMBERED = 200; // readings of a pairing told to who comes later
const NAME = 16; // bytes of the sharing, and of the pairing, before a frame
const LONGEST = 65_536; // characters of a message
const FULL = 262_144; // bytes: a connection that stands still gets no more waves, and the gap is counted
const CARE = new Set(["host", "clinician"]);
const DOUBTED = new Set(["different", "changed"]); // somebody may be between: nothing goes out before it is cleared up

/** Events: 'sharing', 'state', 'reading', 'kept', 'missing', 'stop', 'wave' (heard), 'dropped' (heard, not shown),
 * 'refused', 'delivered' and 'lost' (told). Each has `peer` in its detail. */
export class Channel extends EventTarget {
  /** @type {Map<string, Line>} */ #lines = new Map();
  /** @type {Told} all that stands now */ #told = new Map();

  /** @param {Call} call @param {How} how */
  constructor(call, how) {
    super();
    this.call = call;
    this.how = {
      tells: (/** @type {Person} */ { role }) => CARE.has(role),
      hears: (/** @type {Person} */ { role }) => role === "patient",
      listener: null,
      ...how,
    };
    call.addEventListener("pipes", this.#look);
    call.addEventListener("state", this.#look);
    this.clock = setInterval(() => this.#pump(), AGAIN / 2);
    this.#look();
  }

  /** The patient agreed. @param {{sharing: string, kinds: string[], until: 'stop'|'end'}} what */
  share({ sharing, kinds, until }) {
    this.#tell(`sharing:${sharing}`, { t: "sharing", sharing, kinds, until });
  }

  /** How a device is. @param {{sharing: string, pairing: string, kind: string, state: string}} what */
  state({ sharing, pairing, kind, state }) {
    this.#tell(`state:${pairing}`, { t: "state", sharing, pairing, kind, state }, `sharing:${sharing}`);
  }

  /** @param {{sharing: string, pairing: string, reading: {id: string}}} what */
  tell({ sharing, pairing, reading }) {
    this.#tell(`reading:${reading.id}`, { t: "reading", sharing, pairing, reading }, `state:${pairing}`);
    const mine = [...this.#told].filter(([, { message }]) => message.t === "reading" && message.pairing === pairing);
    if (mine.length > REMEMBERED) this.#told.delete(mine[0]?.[0] ?? "");
  }

  /** The record has it, or why not. @param {{sharing: string, pairing: string, reading: string, status: string}} what */
  kept({ sharing, pairing, reading, status }) {
    this.#tell(`kept:${reading}`, { t: "kept", sharing, pairing, reading, status }, `reading:${reading}`);
  }

  /** Samples go only where the device is already known. @param {{sharing: string, pairing: string,
   *   frame: ArrayBuffer|ArrayBufferView}} what @returns {number} to how many they went */
  wave({ sharing, pairing, frame }) {
    const named = namedFrame(sharing, pairing, frame);
    return [...this.#lines.values()].filter((line) => line.wave(pairing, named)).length;
  }

  /** From now on nothing of it leaves this browser. @param {string} sharing */
  stop(sharing) {
    for (const line of this.#lines.values()) line.stop(sharing);
    for (const [key, { message }] of this.#told) if (message.sharing === sharing) this.#told.delete(key);
    this.#tell(`stop:${sharing}`, { t: "stop", sharing });
  }

  /** To be called when `tells` says something else: who may be told only now hears all that stands. */
  admit() {
    for (const line of this.#lines.values()) line.admit();
  }

  close() {
    clearInterval(this.clock);
    this.call.removeEventListener("pipes", this.#look);
    this.call.removeEventListener("state", this.#look);
  }

  /** @param {string} key @param {{t: string, [field: string]: any}} what @param {string} [needs] */
  #tell(key, what, needs = "") {
    const { visit } = this.how;
    const message = /** @type {Message} */ ({ id: crypto.randomUUID(), visit, ...what });
    this.#told.set(key, { message, needs });
    for (const line of this.#lines.values()) line.put(key, message, needs);
  }

  /** Who came, who went, whose connection is another one now. */
  #look = () => {
    const { peers } = this.call.state;
    for (const peer of this.#lines.keys()) if (!peers.has(peer)) this.#lines.delete(peer);
    for (const [peer, person] of peers) {
      const pipes = this.call.pipes(peer);
      const line = this.#line(peer, person);
      if (pipes) line.attach(pipes);
      line.outbox.pump();
    }
  };

  /** @param {string} peer @param {Person} person */
  #line(peer, person) {
    const emit = (/** @type {string} */ type, /** @type {object} */ detail) =>
      this.dispatchEvent(new CustomEvent(type, { detail: { peer, ...detail } }));
    const line = this.#lines.get(peer) ?? new Line({ ...this.how, told: this.#told, emit });
    line.person = person;
    this.#lines.set(peer, line);
    return line;
  }

  #pump() {
    for (const { outbox } of this.#lines.values()) outbox.pump();
  }
}

/** One other person, over as many connections as it takes. */
class Line {
  /** @type {Person} */ person = { role: "", name: "" };
  /** @type {Set<string>} the pairings they have acknowledged */ #knows = new Set();
  /** @type {{readings: Pipe, waves: Pipe}|null} */ #pipes = null;
  /** @type {Map<string, number>} readings by sharing that they will not get */ #missing = new Map();
  #admitted = false;
  outbox = new Outbox(
    () => !DOUBTED.has(this.person.verification?.state ?? ""),
    (message) => this.#lost(message),
  );

  /** @param {Required<How> & {told: Told, emit: (type: string, detail: object) => boolean}} parts */
  constructor(parts) {
    this.parts = parts;
    const answer = (/** @type {object} */ said) => this.#pipes?.readings.tell(said);
    this.listener = parts.listener?.({ emit: parts.emit, answer }) ?? null;
  }

  get tells() {
    return this.parts.tells(this.person);
  }

  /** Who may be told only now hears all that stands. */
  admit() {
    if (this.tells && !this.#admitted) this.#repeat(() => true);
    this.#admitted = this.tells;
  }

  get hears() {
    return this.listener !== null && this.parts.hears(this.person);
  }

  /** @param {{readings: Pipe, waves: Pipe}} pipes */
  attach({ readings, waves }) {
    if (this.#pipes?.readings === readings) return;
    this.#pipes = { readings, waves };
    this.#knows.clear(); // it may be another page by now
    this.outbox.attach(readings);
    this.#repeat(({ t }) => t === "sharing" || t === "state");
    readings.attach((data) => readings === this.#pipes?.readings && this.#take(data));
    waves.attach((data) => this.hears && this.listener?.wave(data));
    void readings.opened.then(() => this.hears && this.listener?.isNew && readings.tell({ t: "again" }));
  }

  /** @param {string} key @param {Message} message @param {string} needs */
  put(key, message, needs) {
    if (this.tells) this.outbox.put(key, message, needs);
  }

  /** @param {string} pairing @param {Uint8Array<ArrayBuffer>} named @returns {boolean} whether it went out */
  wave(pairing, named) {
    const { channel, open } = this.#pipes?.waves ?? {};
    const may = this.#knows.has(pairing) && this.outbox.may() && this.tells;
    if (!may || !open || !channel || channel.bufferedAmount > FULL) return false;
    channel.send(named);
    return true;
  }

  /** @param {string} sharing */
  stop(sharing) {
    for (const { message } of this.parts.told.values()) {
      if (message.sharing === sharing) this.#knows.delete(message.pairing);
    }
    this.#missing.delete(sharing);
    const never = this.outbox.forget((message) => message.sharing === sharing);
    for (const { t, reading } of never) if (t === "reading") this.parts.emit("lost", { sharing, reading: reading.id });
  }

  /** @param {Message} message */
  #lost({ sharing, reading }) {
    this.#missing.set(sharing, (this.#missing.get(sharing) ?? 0) + 1);
    this.parts.emit("lost", { sharing, reading: reading.id });
    this.#tellMissing(sharing);
  }

  /** @param {string} sharing */
  #tellMissing(sharing) {
    const [{ visit }, count, key] = [this.parts, this.#missing.get(sharing) ?? 0, `missing:${sharing}`];
    this.put(key, { id: crypto.randomUUID(), visit, t: "missing", sharing, count }, `sharing:${sharing}`);
  }

  /** @param {string|ArrayBuffer} data */
  #take(data) {
    const message = this.listener ? this.listener.read(data) : parsed(data);
    if (!message) return;
    if (message.t === "ack") this.#acknowledged(message);
    else if (message.t === "again") this.#again();
    else if (this.hears) this.listener?.take(message);
  }

  #again() {
    this.#repeat(() => true);
    for (const sharing of this.#missing.keys()) this.#tellMissing(sharing);
  }

  /** @param {(message: Message) => boolean} which */
  #repeat(which) {
    for (const [key, { message, needs }] of this.parts.told) if (which(message)) this.put(key, message, needs);
  }

  /** @param {Record<string, any>} ack */
  #acknowledged({ id, dropped }) {
    const message = this.outbox.acknowledged(String(id));
    if (!message) return;
    const { t, sharing, pairing, reading } = message;
    if (t === "state" && !dropped) this.#knows.add(pairing);
    const about = { t, sharing, pairing, reading: reading?.id ?? reading };
    this.parts.emit(dropped ? "refused" : "delivered", { ...about, code: dropped });
  }
}

/** @param {string|ArrayBuffer} data @returns {Record<string, any>|null} the JSON object in it */
export function parsed(data) {
  if (typeof data !== "string" || data.length > LONGEST) return null;
  try {
    const value = JSON.parse(data);
    return value && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The frame behind the names of its sharing and its pairing. @param {string} sharing @param {string} pairing
 * @param {ArrayBuffer|ArrayBufferView} frame @returns {Uint8Array<ArrayBuffer>} */
export function namedFrame(sharing, pairing, frame) {
  const bytes = ArrayBuffer.isView(frame)
    ? new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength)
    : new Uint8Array(frame);
  const named = new Uint8Array(2 * NAME + bytes.length);
  named.set(bytesOf(sharing));
  named.set(bytesOf(pairing), NAME);
  named.set(bytes, 2 * NAME);
  return named;
}

/** @param {string} id */
const bytesOf = (id) => (id.replaceAll("-", "").match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
