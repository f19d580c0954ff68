// From what the check found to a mode that will work, and one sentence about it.

import { LIVE, SEEN } from "../room/page.js";

/** @typedef {{camera?: boolean, microphone?: boolean, speaker?: boolean, path?: 'direct'|'relayed'|'none'}} Found
 *   a part that was left out is undefined */
/** @typedef {import('../call/types.js').Mode} Mode */

/** The ladder of modes, from the richest to the one that needs least. @type {Mode[]} */
export const LADDER = ["video", "low-video", "one-way", "photo-audio", "audio", "phone", "text"];

/** The mode that will work and the word key of the sentence that says so.
 * @param {Found} found @param {Mode} wanted @returns {{mode: Mode, key: string}} */
export function verdict(found, wanted) {
  if (found.path === "none" && wanted !== "phone") return { mode: "phone", key: "verdict-no-path" };
  if (!LIVE.has(wanted)) return { mode: wanted, key: `verdict-${wanted}` };
  if (found.microphone === false) return { mode: "text", key: "verdict-no-microphone" };
  if (found.speaker === false) return { mode: "text", key: "verdict-no-sound" };
  if (SEEN.has(wanted) && found.camera === false) return { mode: "one-way", key: "verdict-no-camera" };
  return { mode: wanted, key: tested(found, wanted) ? `verdict-${kind(wanted)}` : "verdict-untested" };
}

/** @param {Found} found @param {Mode} wanted */
function tested(found, wanted) {
  return found.microphone === true && (found.camera === true || !SEEN.has(wanted));
}

/** @param {Mode} mode */
const kind = (mode) => (SEEN.has(mode) ? "video" : "audio");

/** What to offer somebody who does not want this mode: the steps below it that the practice offers, the next one
 * first; at the end of the ladder, its other steps.
 * @param {Mode} declined @param {string[]} [offered] every mode when left out @returns {Mode[]} */
export function offers(declined, offered = LADDER) {
  const others = LADDER.filter((mode) => mode !== declined && mode !== "low-video" && offered.includes(mode));
  const below = others.filter((mode) => LADDER.indexOf(mode) > LADDER.indexOf(declined));
  return below.length > 0 ? below : others;
}
