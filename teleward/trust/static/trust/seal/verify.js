/**
 * Holds entries of a ledger against its signed tree, with WebCrypto alone: commitments, RFC 9162 paths, C2SP checkpoints.
 * It knows neither page nor server, and what does not hold is a `Broken` with its reason.
 *
 * @typedef {{number: number, prev: string, leaf: string, salt: string, body: string, index: number|null, path: string[]}}
 *   Entry bytes are base64; salt and body are empty where the entry was erased or is held back
 * @typedef {{text: string, origin: string, size: number, root: string, signatures: {name: string, blob: Uint8Array}[]}} Note
 * @typedef {{checkpoint: string, key: string, number: number, leaf: string}} Memory what the last visit kept
 * @typedef {{checkpoint: string, key: string, witnesses: string[], consistency: string[], entries: Entry[], newest: boolean}}
 *   Proofs entries newest first; `newest` where nothing stands before the first of them
 * @typedef {{sealed: number[], waiting: number[], closed: number[], witnesses: string[], memory: Memory}} Checked
 */

const [ED25519, COSIGNATURE] = [1, 4];
const NOTHING_BEFORE = `${"A".repeat(43)}=`;
const NOWHERE = { small: "", large: "" };
const utf8 = new TextEncoder();

export class Broken extends Error {
  /** @param {string} reason what does not hold @param {number} [number] of the entry */
  constructor(reason, number = 0) {
    super(reason);
    this.reason = reason;
    this.number = number;
  }
}

/** @param {unknown} holds @param {string} reason @param {number} [number] @returns {asserts holds} */
function must(holds, reason, number) {
  if (!holds) throw new Broken(reason, number);
}

/** @param {string} text */
export const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
/** @param {Uint8Array} bytes */
const textOf = (bytes) => btoa(String.fromCharCode(...bytes));
/** @param {...Uint8Array} parts */
const hash = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(parts.flatMap((part) => [...part]))));
/** @param {Uint8Array} left @param {Uint8Array} right */
const node = (left, right) => hash(Uint8Array.of(1), left, right);

/** The commitment to an entry (docs/explanation/the-ledger.md). @param {Entry} entry */
export async function leafOf({ salt, number, prev, body }) {
  const counted = new DataView(new ArrayBuffer(8));
  counted.setBigUint64(0, BigInt(number));
  const entry = await hash(bytesOf(salt), new Uint8Array(counted.buffer), bytesOf(prev), utf8.encode(body));
  return textOf(await hash(Uint8Array.of(0), entry));
}

/**
 * Climbs from a node to the root over its siblings; `small` leaves out what stands to the right (RFC 9162 §2.1.3.2, §2.1.4.2).
 * @param {Uint8Array} start @param {number} index @param {number} size @param {Uint8Array[]} siblings
 */
async function climb(start, index, size, siblings) {
  let [at, last, small, large] = [index, size - 1, start, start];
  for (const sibling of siblings) {
    if (last === 0) return NOWHERE;
    const isRight = at % 2 === 1 || at === last;
    large = isRight ? await node(sibling, large) : await node(large, sibling);
    if (isRight) small = await node(sibling, small);
    while (isRight && at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? { small: textOf(small), large: textOf(large) } : NOWHERE;
}

/** The root a leaf's path leads to, "" for none. @param {string} leaf @param {number} index @param {number} size @param {string[]} path */
export async function rootOf(leaf, index, size, path) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return "";
  return (await climb(bytesOf(leaf), index, size, path.map(bytesOf))).large;
}

/** Whether the newer tree begins with the older one. @param {Note} older @param {Note} newer @param {string[]} path */
export async function follows(older, newer, path) {
  if (older.size === newer.size) return older.root === newer.root && path.length === 0;
  const isWhole = Number.isInteger(Math.log2(older.size));
  const [first, ...rest] = (isWhole ? [older.root, ...path] : path).map(bytesOf);
  if (!first || older.size < 1 || older.size > newer.size) return false;
  let [at, size] = [older.size - 1, newer.size];
  while (at % 2 === 1) [at, size] = [Math.floor(at / 2), Math.ceil(size / 2)];
  const { small, large } = await climb(first, at, size, rest);
  return small === older.root && large === newer.root;
}

/** A checkpoint, read and not yet believed (c2sp.org/tlog-checkpoint). @param {string} note @returns {Note} */
export function read(note) {
  const end = note.lastIndexOf("\n\n") + 1;
  const [origin = "", size = "", root = ""] = note.slice(0, end).split("\n");
  const signatures = [...note.slice(end).matchAll(/^— (\S+) (\S+)$/gmu)];
  must(end > 0 && origin && /^[A-Za-z0-9+/]{43}=$/.test(root) && /^(0|[1-9]\d{0,14})$/.test(size), "checkpoint");
  const known = signatures.map(([, name = "", blob = ""]) => ({ name, blob: bytesOf(blob) }));
  return { text: note.slice(0, end), origin, size: Number(size), root, signatures: known };
}

/** Whether this key signed the note, as its log or as a witness. @param {Note} note @param {string} key `name+id+base64` */
export async function isSignedBy(note, key) {
  const [, name = "", id = "", coded = ""] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key) ?? [];
  const [kind, raw] = [bytesOf(coded)[0], bytesOf(coded).slice(1)];
  const known = (await hash(utf8.encode(`${name}\n`), bytesOf(coded))).slice(0, 4);
  const hex = [...known].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const blob = note.signatures.find((one) => one.name === name && textOf(one.blob.slice(0, 4)) === textOf(known))?.blob;
  if (!blob || hex !== id || (kind !== ED25519 && kind !== COSIGNATURE)) return false;
  const time = kind === COSIGNATURE ? new DataView(blob.buffer, 4, 8).getBigUint64(0) : null;
  const signed = time === null ? note.text : `cosignature/v1\ntime ${time}\n${note.text}`;
  const trusted = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", trusted, blob.slice(time === null ? 4 : 12), utf8.encode(signed));
}

/** Checks everything, or throws Broken. @param {Proofs} proofs @param {Memory|null} before @returns {Promise<Checked>} */
export async function verify(proofs, before) {
  const note = read(proofs.checkpoint);
  must(!before || before.key === proofs.key, "key");
  must(await isSignedBy(note, proofs.key), "signature");
  if (before) await compare(read(before.checkpoint), note, proofs.consistency);
  /** @type {Checked} */
  const checked = { sealed: [], waiting: [], closed: [], witnesses: [], memory: remembered(proofs, before) };
  for (const [at, entry] of proofs.entries.entries()) {
    await inspect(entry, proofs.entries[at + 1], note);
    (entry.index === null ? checked.waiting : entry.salt ? checked.sealed : checked.closed).push(entry.number);
  }
  for (const key of proofs.witnesses) if (await isSignedBy(note, key)) checked.witnesses.push(key);
  return checked;
}

/** @param {Note} older @param {Note} newer @param {string[]} path */
async function compare(older, newer, path) {
  must(older.origin === newer.origin, "origin");
  must(older.size <= newer.size, "rollback");
  must(await follows(older, newer, path), "fork");
}

/** @param {Entry} entry @param {Entry|undefined} older @param {Note} note */
async function inspect(entry, older, note) {
  const { number, prev, leaf, index } = entry;
  must(!older || older.number === number - 1, "missing", number - 1);
  must(older ? older.leaf === prev : number > 1 || prev === NOTHING_BEFORE, "changed", number);
  must(!entry.salt || (await leafOf(entry)) === leaf, "changed", number);
  must(index === null || (await rootOf(leaf, index, note.size, entry.path)) === note.root, "tree", number);
}

/** What this visit keeps for the next. @param {Proofs} proofs @param {Memory|null} before @returns {Memory} */
function remembered({ checkpoint, key, entries, newest }, before) {
  const known = entries.find((entry) => entry.number === before?.number);
  must(!before || !known || known.leaf === before.leaf, "changed", before?.number);
  const first = entries[0];
  must(!before || !newest || (first && first.number >= before.number), "missing", before?.number);
  const { number, leaf } = first && first.number > (before?.number ?? 0) ? first : (before ?? { number: 0, leaf: "" });
  return { checkpoint, key: before?.key ?? key, number, leaf };
}
