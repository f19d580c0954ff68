/** Which two devices this connection joins, and whether they are still the same two. */
import { equal } from "./bytes.js";
import { forgetVerified, rememberVerified, verifiedOn } from "./devices.js";
import { fingerprintsOf } from "./fingerprints.js";
import { contextOf, evidenceOf } from "./words.js";

export class Pairing {
  /** @type {{mine: Uint8Array, theirs: Uint8Array}|null} */ #pair = null;
  context = new Uint8Array();
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
    this.#pair = pair;
    const [initiator, responder] = this.parts.initiator ? [pair.mine, pair.theirs] : [pair.theirs, pair.mine];
    this.context = await contextOf(this.parts.visit, initiator, responder);
    this.evidence = await evidenceOf(initiator, responder);
    this.knownSince = before ? null : await verifiedOn(pair.theirs);
    return before ? "changed" : "met";
  }

  /** @param {boolean} verified what a person said about the other device */
  async remember(verified) {
    if (!this.#pair) return;
    this.knownSince = verified ? await rememberVerified(this.#pair.theirs) : null;
    if (!verified) await forgetVerified(this.#pair.theirs);
  }
}
