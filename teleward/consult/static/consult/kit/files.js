// What may be sent as a file, and in which state: pictures redrawn without metadata, documents as they are, all else refused.

import { redraw } from "./redraw.js";

const PICTURES = new Set(["image/jpeg", "image/png", "image/webp"]);
const DOCUMENTS = new Set(["application/pdf", "text/plain"]);
const MIB = 1024 * 1024;
export const LIMIT = 20 * MIB;

/** What the first bytes say a file is; its name may claim anything. @param {Uint8Array} head */
export function kindOf(head) {
  const text = String.fromCharCode(...head.subarray(0, 12));
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  if (text.startsWith("%PDF-")) return "application/pdf";
  return isText(head) ? "text/plain" : "";
}

/** @param {Uint8Array} head */
const isText = (head) => head.every((byte) => byte > 31 || byte === 9 || byte === 10 || byte === 13);

/** A name without folders, control characters or more than 80 letters, ending as its kind does.
 * @param {string} name @param {string} type */
export function nameOf(name, type) {
  const bare = name.replace(/^.*[\\/]/, "").replace(/[\p{Cc}\p{Cf}"<>|:*?]/gu, "");
  const stem =
    bare
      .replace(/\.[^.]*$/, "")
      .slice(0, 80)
      .trim() || "file";
  return `${stem}.${endings[type] ?? "bin"}`;
}
const endings = /** @type {Record<string, string>} */ ({
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "application/pdf": "pdf",
  "text/plain": "txt",
});

/** The file as it may be sent, or the word key of why not.
 * @param {File} file @param {number} [limit] bytes
 * @returns {Promise<{blob: Blob, name: string, problem?: undefined}|{problem: string, blob?: undefined, name?: undefined}>} */
export async function prepare(file, limit = LIMIT) {
  if (file.size === 0) return { problem: "file-empty" };
  if (file.size > limit) return { problem: "file-too-large" };
  const type = kindOf(new Uint8Array(await file.slice(0, 512).arrayBuffer()));
  if (DOCUMENTS.has(type)) return { blob: new Blob([file], { type }), name: nameOf(file.name, type) };
  if (!PICTURES.has(type)) return { problem: "file-type" };
  try {
    const blob = await redraw(await createImageBitmap(file), type, 0.92);
    return blob.size > limit ? { problem: "file-too-large" } : { blob, name: nameOf(file.name, blob.type) };
  } catch {
    return { problem: "file-broken" };
  }
}
