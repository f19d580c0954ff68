/** Which two certificates meet in a call, and the devices that were verified on this one on an earlier day. */
import { keep, recall } from "./link.js";
import { contextOf, equal, evidenceOf, fingerprintsOf, hash, hex } from "./words.js";

/** Which two devices this connection joins, and whether they are still the same two. */
export class Pairing {
  /** @type {{mine: Uint8Array, theirs: Uint8Array}|null} */ #pair = null;
  /** @type {Uint8Array|null} null until both certificates were read */ context = null;
  evidence = "";
  /** @type {string|null} day on which the other device was verified on this one */ knownSince = null;

  /** @param {{visit: string, initiator: boolean}} parts */
  constructor(parts) {
    this.parts = parts;
  }

  get met() {
    return this.#pair !== null;
  }

  /** @param {RTCPeerConnection} pc @returns {Promise<'same'|'met'|'changed'|null>} null while not connected */
  async check(pc) {
    const pair = await fingerprintsOf(pc);
    if (!pair) return null;
    const before = this.#pair;
    if (before && equal(pair.mine, before.mine) && equal(pair.theirs, before.theirs)) return "same";
    const [initiator, responder] = this.parts.initiator ? [pair.mine, pair.theirs] : [pair.theirs, pair.mine];
    const context = await contextOf(this.parts.visit, initiator, responder);
    const evidence = await evidenceOf(initiator, responder);
    const knownSince = before ? null : await verifiedOn(pair.theirs);
    this.#pair = pair;
    Object.assign(this, { context, evidence, knownSince }); // all at once: nobody meets half of it
    return before ? "changed" : "met";
  }

  /** @param {boolean} verified what a person said about the other device */
  async remember(verified) {
    if (!this.#pair) return;
    this.knownSince = verified ? await rememberVerified(this.#pair.theirs) : null;
    if (!verified) await forgetVerified(this.#pair.theirs);
  }
}

// The devices verified on this one: hashes of their certificates with a date, nothing that names a person.

/** @param {Uint8Array} fingerprint of the other side @returns {Promise<string|null>} the day it was verified, as YYYY-MM-DD */
export async function verifiedOn(fingerprint) {
  return /** @type {string|undefined} */ (await recall("verified", await nameOf(fingerprint))) ?? null;
}

/** @param {Uint8Array} fingerprint @returns {Promise<string>} the day that is kept */
export async function rememberVerified(fingerprint) {
  const day = dayHere();
  await keep("verified", await nameOf(fingerprint), day);
  return day;
}

/** The day on the wall here, as YYYY-MM-DD. @param {Date} [at] */
export function dayHere(at = new Date()) {
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

/** The person said the words differed: that device is no longer known. @param {Uint8Array} fingerprint */
export async function forgetVerified(fingerprint) {
  await keep("verified", await nameOf(fingerprint), undefined);
}

/** @param {Uint8Array} fingerprint */
async function nameOf(fingerprint) {
  return hex(await hash("consult-known-v1", fingerprint));
}
