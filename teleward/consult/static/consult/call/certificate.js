/**
 * The certificate of this device and the devices it has verified. Nothing here names a person: the store holds the
 * browser's own certificate, and hashes of verified certificates with a date.
 */
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
export function read(shelf, key) {
  return transact(shelf, "readonly", (open) => open.get(key));
}

/** @param {string} shelf @param {string} key @param {unknown} value undefined removes it */
export function write(shelf, key, value) {
  return transact(shelf, "readwrite", (open) => (value === undefined ? open.delete(key) : open.put(value, key)));
}
