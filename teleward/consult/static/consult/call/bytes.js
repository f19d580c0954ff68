/** Bytes, their hexadecimal form, and the hash that everything in the verification is made of. */

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} text @param {number} length in bytes @returns {Uint8Array|null} null unless it is exactly that */
export function unhex(text, length) {
  if (typeof text !== "string" || text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** SHA-256 over parts, each led by its length in four bytes. @param {...(string|Uint8Array)} parts */
export async function hash(...parts) {
  const encoder = new TextEncoder();
  const pieces = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + 4 + piece.length, 0));
  const view = new DataView(all.buffer);
  let at = 0;
  for (const piece of pieces) {
    view.setUint32(at, piece.length);
    all.set(piece, at + 4);
    at += 4 + piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/** Compares without stopping early. @param {Uint8Array} one @param {Uint8Array} other */
export function equal(one, other) {
  return (
    one.length === other.length && one.reduce((differs, byte, at) => differs | (byte ^ Number(other[at])), 0) === 0
  );
}
