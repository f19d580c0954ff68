/** Which two certificates meet in a call, and the devices that were verified on this one on an earlier day. */
import { keep, recall } from "./link.js";
import { contextOf, equal, evidenceOf, hash, hex } from "./words.js";

const COUNTED_WITHIN = 2000;

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

// Which two certificates a connection really uses.

/** The connection contradicts its own description: nothing said about it can be believed. */
export class FingerprintProblem extends Error {
  code = "fingerprint";
}

/**
 * @param {RTCPeerConnection} pc
 * @returns {Promise<{mine: Uint8Array, theirs: Uint8Array}|null>} SHA-256 of both certificates; null while not connected
 * @throws {FingerprintProblem}
 */
export async function fingerprintsOf(pc) {
  const transport = pc.sctp?.transport;
  if (!transport || !isDescribed(pc)) return null;
  const certificate = await certificateOf(pc, transport);
  if (!certificate) return null;
  const others = pc.getReceivers().filter((receiver) => receiver.transport && receiver.transport !== transport);
  if (others.length) throw new FingerprintProblem("transports");
  const used = new Uint8Array(await crypto.subtle.digest("SHA-256", certificate));
  const theirs = promised(pc.currentRemoteDescription?.sdp);
  if (!equal(used, theirs)) throw new FingerprintProblem("remote");
  return { mine: promised(pc.currentLocalDescription?.sdp), theirs };
}

/**
 * What the other side showed. A browser may never call a transport connected that is, or never hand its certificates to
 * the page; what it counts has them all the same.
 * @param {RTCPeerConnection} pc @param {RTCDtlsTransport} transport @returns {Promise<BufferSource|null>} DER
 */
async function certificateOf(pc, transport) {
  const stands = transport.state === "connected";
  const [handed] = stands ? transport.getRemoteCertificates() : [];
  if (handed || (!stands && pc.connectionState !== "connected")) return handed ?? null;
  const stats = new Map(/** @type {any} */ (await counted(pc)));
  const used = [...stats.values()].find(({ type, dtlsState }) => type === "transport" && dtlsState === "connected");
  const text = stats.get(used?.remoteCertificateId)?.base64Certificate;
  return text ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : null;
}

/** Nothing, if the browser does not answer soon: it is asked again. @param {RTCPeerConnection} pc */
function counted(pc) {
  return Promise.race([pc.getStats(), new Promise((go) => setTimeout(go, COUNTED_WITHIN, []))]);
}

/** A transport may stand, and carry messages, before the page is told what was agreed. @param {RTCPeerConnection} pc */
export const isDescribed = (pc) => Boolean(pc.currentLocalDescription && pc.currentRemoteDescription);

/**
 * The one fingerprint a description promises. Sections of one bundle may repeat it, but never name another.
 * @param {string|undefined} sdp
 */
export function promised(sdp) {
  const lines = new Set((sdp ?? "").match(/^a=fingerprint:.*$/gim)?.map((line) => line.trim().toLowerCase()));
  const [line] = lines;
  const found = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/.exec(line ?? "");
  if (lines.size !== 1 || !found?.[1]) throw new FingerprintProblem("description");
  return Uint8Array.from(found[1].split(":"), (pair) => Number.parseInt(pair, 16));
}
