/** Which two certificates a connection really uses. */
import { equal } from "./bytes.js";

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
  if (transport?.state !== "connected") return null;
  const others = pc.getReceivers().filter((receiver) => receiver.transport && receiver.transport !== transport);
  if (others.length) throw new FingerprintProblem("transports");
  const used = new Uint8Array(
    await crypto.subtle.digest("SHA-256", transport.getRemoteCertificates()[0] ?? new ArrayBuffer()),
  );
  const theirs = promised(pc.currentRemoteDescription?.sdp);
  if (!equal(used, theirs)) throw new FingerprintProblem("remote");
  return { mine: promised(pc.currentLocalDescription?.sdp), theirs };
}

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
