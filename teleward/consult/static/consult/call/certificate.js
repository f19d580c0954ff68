/**
 * The certificate of this device and the devices it has verified. Nothing here names a person: the store holds the
 * browser's own certificate, and hashes of verified certificates with a date.
 */
import { hash, hex } from "./bytes.js";

const YEAR = 365 * 86_400_000;
const RENEW_BEFORE = 14 * 86_400_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", expires: YEAR };

/** @returns {Promise<RTCCertificate>} the stored one; a new one for this visit only where storage refuses */
export async function loadCertificate() {
  const stored = /** @type {RTCCertificate|undefined} */ (await read("own", "certificate"));
  if (stored && stored.expires > Date.now() + RENEW_BEFORE) return stored;
  const fresh = await RTCPeerConnection.generateCertificate(ALGORITHM);
  await write("own", "certificate", fresh);
  return fresh;
}

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

/** @returns {Promise<IDBDatabase>} */
function store() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("teleward-call", 1);
    asked.onupgradeneeded = () => ["own", "verified"].map((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * @param {string} shelf @param {IDBTransactionMode} mode @param {(shelf: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<unknown>} undefined where the browser gives no storage (private windows)
 */
async function transact(shelf, mode, work) {
  try {
    const database = await store();
    const asked = work(database.transaction(shelf, mode).objectStore(shelf));
    return await new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    }).finally(() => database.close());
  } catch {
    return undefined;
  }
}

/** @param {string} shelf @param {string} key */
function read(shelf, key) {
  return transact(shelf, "readonly", (open) => open.get(key));
}

/** @param {string} shelf @param {string} key @param {unknown} value undefined removes it */
function write(shelf, key, value) {
  return transact(shelf, "readwrite", (open) => (value === undefined ? open.delete(key) : open.put(value, key)));
}
