/** The devices verified on this one: hashes of their certificates with a date, nothing that names a person. */
import { hash, hex } from "./bytes.js";
import { read, write } from "./certificate.js";

/** @param {Uint8Array} fingerprint of the other side @returns {Promise<string|null>} the day it was verified, as YYYY-MM-DD */
export async function verifiedOn(fingerprint) {
  return /** @type {string|undefined} */ (await read("verified", await nameOf(fingerprint))) ?? null;
}

/** @param {Uint8Array} fingerprint @returns {Promise<string>} the day that is kept */
export async function rememberVerified(fingerprint) {
  const day = new Date().toISOString().slice(0, 10);
  await write("verified", await nameOf(fingerprint), day);
  return day;
}

/** The person said the words differed: that device is no longer known. @param {Uint8Array} fingerprint */
export async function forgetVerified(fingerprint) {
  await write("verified", await nameOf(fingerprint), undefined);
}

/** @param {Uint8Array} fingerprint */
async function nameOf(fingerprint) {
  return hex(await hash("consult-known-v1", fingerprint));
}
