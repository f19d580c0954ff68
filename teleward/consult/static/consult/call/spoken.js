/** The short string in every form a person may use: words per language, digits, emoji. */
import { german } from "./wordlists/de.js";
import { emoji } from "./wordlists/emoji.js";
import { english } from "./wordlists/en.js";
import { digitsOf, emojiIndices, wordIndices } from "./words.js";

/** @param {Uint8Array} short @returns {import('./types.js').Spoken} emoji come as ids; their names are the page's words */
export function spoken(short) {
  const indices = wordIndices(short);
  return {
    en: said(english, indices),
    de: said(german, indices),
    digits: digitsOf(short),
    emoji: said(emoji, emojiIndices(short)),
  };
}

/** @param {string[]} list @param {number[]} indices */
function said(list, indices) {
  return indices.map((index) => String(list[index]));
}
