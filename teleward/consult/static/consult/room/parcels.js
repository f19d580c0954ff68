// Files and photos as they appear among the messages: a question first, then the thing itself to keep.

import { button, make, page, word } from "./page.js";

/** Whether to take a file. @param {HTMLElement} row @param {(yes: boolean) => void} answer */
export function choice(row, answer) {
  const actions = make("p", "tw-actions");
  const decide = (/** @type {boolean} */ yes) => {
    actions.remove();
    if (!yes) row.append(make("p", "tw-hint", word("file-declined")));
    answer(yes);
  };
  actions.append(
    button("tw-button tw-button-small", word("file-accept"), () => decide(true)),
    button("tw-button tw-button-second tw-button-small", word("file-decline"), () => decide(false)),
  );
  return actions;
}

/** A photo and the way to keep it. @param {Blob} blob @param {string} description */
export function photo(blob, description) {
  const picture = make("img", "tw-photo", "", { alt: description });
  picture.src = URL.createObjectURL(blob);
  return [picture, saving(blob, "photo.jpg")];
}

/** @param {Blob} blob @param {string} name */
export function saving(blob, name) {
  const link = make("a", "tw-button tw-button-second tw-button-small", word("file-save"), { download: name });
  link.href = URL.createObjectURL(blob);
  return link;
}

/** @param {number} size bytes */
export const readable = (size) =>
  new Intl.NumberFormat(page.language, {
    style: "unit",
    unit: size < 1e6 ? "kilobyte" : "megabyte",
    maximumFractionDigits: size < 1e6 ? 0 : 1,
  }).format(size < 1e6 ? Math.max(1, size / 1e3) : size / 1e6);
