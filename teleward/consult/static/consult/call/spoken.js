/** The short string in every form a person may use: words per language, digits, emoji. */
import { german } from './wordlists/de.js';
import { english } from './wordlists/en.js';
import { emoji } from './wordlists/emoji.js';
import { digitsOf, emojiIndices, wordIndices } from './words.js';

/** @param {Uint8Array} short @returns {import('./types.js').Spoken} emoji come as ids; their names are the page's words */
export function spoken(short) {
  const indices = wordIndices(short);
  return {
    en: indices.map((index) => english[index]),
    de: indices.map((index) => german[index]),
    digits: digitsOf(short),
    emoji: emojiIndices(short).map((index) => emoji[index]),
  };
}
