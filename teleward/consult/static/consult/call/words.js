/**
 * consult-sas-v1: a short string that both sides of a connection can say to each other. Pure: messages in, messages out.
 * Whoever sits in between must commit to a guess before seeing the other half, so one run succeeds once in 2^32.
 */
import { hash, hex, unhex } from "./bytes.js";

const NONCE_LENGTH = 32;

/**
 * What this pair of certificates in this visit is. `initiator` and `responder` are SHA-256 fingerprints.
 * @param {string} visit @param {Uint8Array} initiator @param {Uint8Array} responder
 */
export function contextOf(visit, initiator, responder) {
  return hash("consult-sas-v1", visit, initiator, responder);
}

/** @param {Uint8Array} initiator @param {Uint8Array} responder @returns {Promise<string>} what the record keeps of the pair */
export async function evidenceOf(initiator, responder) {
  return hex(await hash(initiator, responder));
}

/** @param {Uint8Array} context @param {Uint8Array} nonce */
export function commitment(context, nonce) {
  return hash("commit", context, nonce);
}

/** @param {Uint8Array} context @param {Uint8Array} nI @param {Uint8Array} nR */
export function shortString(context, nI, nR) {
  return hash("sas", context, nI, nR);
}

/** Four indices of 256. @param {Uint8Array} short */
export function wordIndices(short) {
  return [...short.slice(0, 4)];
}

/** The first 32 bits as ten decimal digits. @param {Uint8Array} short */
export function digitsOf(short) {
  return String(new DataView(short.buffer, short.byteOffset).getUint32(0)).padStart(10, "0");
}

/** Seven indices of 64: the first 42 bits. @param {Uint8Array} short */
export function emojiIndices(short) {
  const bits = [...short.slice(0, 6)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: 7 }, (_, at) => Number.parseInt(bits.slice(6 * at, 6 * at + 6), 2));
}

/** What ends a run for good. */
export class WordsProblem extends Error {
  /** @param {'commit'|'malformed'|'order'} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * One run of one side. Every message after the first names the commitment it belongs to; what belongs to another run is
 * passed over, what breaks the order of this one ends it.
 */
export class Run {
  /** @type {'started'|'committed'|'answered'|'done'|'failed'} */ #step = "started";
  #commitment = "";

  /** @param {{initiator: boolean, context: Uint8Array, nonce?: Uint8Array}} parts the nonce is given only by tests */
  constructor({ initiator, context, nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH)) }) {
    this.initiator = initiator;
    this.context = context;
    this.nonce = nonce;
  }

  /** Initiator: the first message. */
  async begin() {
    if (!this.initiator) throw new WordsProblem("order");
    this.#move("started", "committed");
    this.#commitment = hex(await commitment(this.context, this.nonce));
    return { t: "commit", c: this.#commitment };
  }

  /**
   * @param {Record<string, unknown>} message @returns {Promise<{reply?: object, short?: Uint8Array}>}
   * @throws {WordsProblem} the run is over then, and no other may begin by itself
   */
  async take(message) {
    if (message.t === "commit" && !this.initiator) return this.#answer(message.c);
    if (message.c !== this.#commitment) return {};
    if (message.t === "nonce" && this.initiator) return this.#reveal(message.n);
    if (message.t === "reveal" && !this.initiator) return this.#open(message.n);
    throw this.#fail("order");
  }

  /** @param {unknown} c */
  async #answer(c) {
    this.#move("started", "answered");
    this.#commitment = hex(this.#bytes(c));
    return { reply: { t: "nonce", n: hex(this.nonce), c } };
  }

  /** @param {unknown} n */
  async #reveal(n) {
    this.#move("committed", "done");
    const theirs = this.#bytes(n);
    const reply = { t: "reveal", n: hex(this.nonce), c: this.#commitment };
    return { reply, short: await shortString(this.context, this.nonce, theirs) };
  }

  /** @param {unknown} n */
  async #open(n) {
    this.#move("answered", "done");
    const theirs = this.#bytes(n);
    if (hex(await commitment(this.context, theirs)) !== this.#commitment) throw this.#fail("commit");
    return { short: await shortString(this.context, theirs, this.nonce) };
  }

  /** @param {'started'|'committed'|'answered'} from @param {'committed'|'answered'|'done'} to */
  #move(from, to) {
    if (this.#step !== from) throw this.#fail("order");
    this.#step = to;
  }

  /** @param {unknown} text */
  #bytes(text) {
    const bytes = unhex(text, NONCE_LENGTH);
    if (!bytes) throw this.#fail("malformed");
    return bytes;
  }

  /** @param {'commit'|'malformed'|'order'} code */
  #fail(code) {
    this.#step = "failed";
    return new WordsProblem(code);
  }
}
