/** What a file really is, by its first bytes and not by its name, and what it may be called. */

export const MOST_BYTES = 20 * 1024 * 1024;
const LONGEST_NAME = 80;
const LAYOUT = new Set([9, 10, 13]);

/** @type {Record<string, string>} allowed types and the ending each gets */
export const ENDINGS = {
  "application/pdf": "pdf",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "text/plain": "txt",
};

/** @type {[string, (at: (from: number, to: number) => string) => boolean][]} */
const SIGNS = [
  ["application/pdf", (at) => at(0, 5) === "%PDF-"],
  ["image/jpeg", (at) => at(0, 3) === "\xff\xd8\xff"],
  ["image/png", (at) => at(0, 8) === "\x89PNG\r\n\x1a\n"],
  ["image/webp", (at) => at(0, 4) === "RIFF" && at(8, 12) === "WEBP"],
];

/** @param {Uint8Array} bytes the whole file @returns {string|null} its type, null when it is none of the allowed */
export function sniff(bytes) {
  const at = (/** @type {number} */ from, /** @type {number} */ to) => String.fromCharCode(...bytes.subarray(from, to));
  const sign = SIGNS.find(([, fits]) => fits(at));
  return sign?.[0] ?? (isText(bytes) ? "text/plain" : null);
}

/** @param {Uint8Array} bytes */
function isText(bytes) {
  if (bytes.some((byte) => (byte < 32 && !LAYOUT.has(byte)) || byte === 127)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name as the sender gave it @param {string} type one of the allowed @returns {string} harmless, with the ending of its type */
export function cleanName(name, type) {
  const stem = name
    .normalize("NFC")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "") // control and direction marks can make a name read backwards
    .replace(/^.*[/\\]/s, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/\.[^.]*$/, "")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  return `${[...stem].slice(0, LONGEST_NAME).join("") || "file"}.${ENDINGS[type]}`;
}

/** @param {{size: number}} about @param {string|null} type @param {string} purpose @returns {string|null} why it is refused */
export function refusal({ size }, type, purpose) {
  if (size === 0) return "file:empty";
  if (size > MOST_BYTES) return "file:too-large";
  if (!type || !(type in ENDINGS)) return "file:type";
  if (purpose !== "file" && !type.startsWith("image/")) return "file:type";
  return null;
}
