/**
 * What this browser keeps of a ledger between two visits: the last checkpoint and the last number, under a hash.
 * Nothing of it names anybody. Where the browser keeps nothing, there is simply no memory.
 *
 * @typedef {import("./verify.js").Memory} Memory
 */

const [DATABASE, STORE] = ["teleward-seal", "chains"];

/** Under what a chain is kept. @param {string} chain @returns {Promise<string>} */
export async function nameOf(chain) {
  const text = new TextEncoder().encode(`${location.origin} ${chain}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} name @returns {Promise<Memory|null>} */
export async function recall(name) {
  return (await inStore("readonly", (store) => store.get(name)).catch(() => null)) ?? null;
}

/** @param {string} name @param {Memory} memory @returns {Promise<boolean>} whether the browser kept it */
export async function keep(name, memory) {
  const kept = inStore("readwrite", (store) => store.put(memory, name));
  return kept.then(
    () => true,
    () => false,
  );
}

/** @param {string} name */
export async function forget(name) {
  await inStore("readwrite", (store) => store.delete(name)).catch(() => null);
}

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
async function inStore(mode, ask) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @param {IDBRequest} request @returns {Promise<any>} */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
