// The sheets beside the call lie folded. What a sheet shows is fetched when it is opened first: what nobody looks at,
// nobody has seen. Which ones are open is kept nowhere.

import { root } from "./page.js";
import { loadSheet, refreshSheet } from "./sheet.js";

/** @type {WeakSet<HTMLElement>} */ const loaded = new WeakSet();
/** @type {WeakSet<HTMLElement>} folded while something happened */ const old = new WeakSet();

/** Opens what is to lie open, and waits for the other sheets to be opened. */
export function bindFolds() {
  for (const fold of folds()) {
    fold.addEventListener("toggle", () => opened(fold));
    opened(fold);
  }
  const index = /** @type {HTMLDetailsElement|null} */ (root.querySelector(".tw-jump"));
  index?.addEventListener("click", jump);
  index?.addEventListener("keydown", ({ key }) => key === "Escape" && close(index));
  index?.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !index.contains(relatedTarget)) index.open = false;
  });
}

/** Something happened in the call: what is open is looked at again, what is folded when it is opened. */
export function lookAgain() {
  for (const fold of folds()) {
    const sheet = sheetOf(fold);
    if (fold.open) refreshSheet(sheet);
    else if (sheet.hasAttribute("data-watched")) watch(fold, sheet);
    else old.add(sheet);
  }
}

/** @returns {NodeListOf<HTMLDetailsElement>} */
const folds = () => root.querySelectorAll(".tw-sheet");

/** @param {HTMLDetailsElement} fold */
const sheetOf = (fold) => /** @type {HTMLElement} */ (fold.querySelector("[data-fragment]"));

/** @param {HTMLDetailsElement} fold */
function opened(fold) {
  if (!fold.open) return;
  const sheet = sheetOf(fold);
  if (!loaded.has(sheet)) load(sheet);
  else if (old.has(sheet)) refreshSheet(sheet);
  old.delete(sheet);
}

/** @param {HTMLElement} sheet */
function load(sheet) {
  loaded.add(sheet);
  return loadSheet(sheet, sheet.dataset.fragment ?? "");
}

/** A folded sheet that warns is opened. @param {HTMLDetailsElement} fold @param {HTMLElement} sheet */
async function watch(fold, sheet) {
  await (loaded.has(sheet) ? refreshSheet(sheet) : load(sheet));
  if (sheet.querySelector("[role=alert]")) fold.open = true;
}

/** @param {Event} event */
function jump(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const link = target.closest("a");
  const fold = link && /** @type {HTMLDetailsElement|null} */ (root.querySelector(link.hash));
  if (!fold) return;
  event.preventDefault();
  /** @type {HTMLDetailsElement} */ (event.currentTarget).open = false;
  fold.open = true;
  fold.querySelector("summary")?.focus({ preventScroll: true });
  fold.scrollIntoView({ block: "start" });
}

/** @param {HTMLDetailsElement} index */
function close(index) {
  index.open = false;
  index.querySelector("summary")?.focus();
}
