// Minutes in which something was done, each once. Pure.

const MINUTE = 60_000;

/** Numbers of minutes since 1970 in which something was done and that were not told yet. */
export class Minutes {
  /** @type {Set<number>} */ #noted = new Set();
  /** @type {Set<number>} */ #told = new Set();

  /** Something is done at this instant. @param {number} at milliseconds since 1970 */
  note(at) {
    const minute = Math.floor(at / MINUTE);
    if (!this.#told.has(minute)) this.#noted.add(minute);
  }

  /** What was not told yet, in order; from here on it counts as told. */
  take() {
    const found = [...this.#noted].sort((one, other) => one - other);
    for (const each of found) this.#told.add(each);
    this.#noted.clear();
    return found;
  }

  /** It could not be told: it has to be told again. @param {number[]} minutes */
  give(minutes) {
    for (const each of minutes) {
      this.#told.delete(each);
      this.#noted.add(each);
    }
  }
}
