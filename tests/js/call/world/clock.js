// Time that a test moves: timers run in order, one after another, each on the page that set it. What a page that is gone
// had set never runs. Everything a callback set off comes to rest before the next one.

import { AsyncLocalStorage } from "node:async_hooks";

const restsWith = globalThis.setImmediate;
const onPage = new AsyncLocalStorage();

export class Clock {
  #timers = [];
  #last = 0;
  now = 0;

  /** Runs something as a page: what it sets in motion ends with that page. @param {{gone: boolean}} page */
  as(page, work) {
    return onPage.run(page, work);
  }

  /** Whose turn it is. */
  get page() {
    return onPage.getStore();
  }

  /** @param {() => void} work @param {number} wait milliseconds */
  in(wait, work, page = onPage.getStore()) {
    const timer = { at: this.now + Math.max(0, wait), order: ++this.#last, work, page };
    let from = this.#timers.length;
    while (from > 0 && later(this.#timers[from - 1], timer)) from -= 1;
    this.#timers.splice(from, 0, timer);
    return timer;
  }

  /** A promise that is kept after so long. */
  wait(milliseconds) {
    return new Promise((resolve) => this.in(milliseconds, resolve));
  }

  /** Lets time pass until a condition holds. @returns {Promise<boolean>} whether it did in that time */
  async until(end, holds = () => false) {
    while (!holds()) {
      const next = this.#timers[0];
      if (!next || next.at > end) {
        this.now = end;
        return holds();
      }
      this.#timers.shift();
      this.now = next.at;
      if (!next.page?.gone && !next.off) await this.#run(next);
    }
    return true;
  }

  async #run({ page, work }) {
    onPage.run(page, work);
    await new Promise((resolve) => restsWith(resolve));
  }

  /** Puts this clock in the place of the real one. @returns {() => void} takes it away again */
  install() {
    const forever = (wait, work) => {
      const timer = this.in(wait, () => {
        timer.again = forever(wait, work);
        work();
      });
      return timer;
    };
    const now = () => this.now;
    return replace({
      setTimeout: (work, wait = 0) => this.in(wait, work),
      setInterval: (work, wait = 0) => forever(wait, work),
      clearTimeout: cancel,
      clearInterval: cancel,
      performance: { now },
      Date: class extends Date {
        static now = now;
      },
    });
  }
}

const later = (one, other) => one.at > other.at;

function cancel(timer) {
  for (let each = timer; each; each = each.again) each.off = true;
}

/** Globals, for as long as a test needs them. @param {Record<string, unknown>} given @returns {() => void} */
export function replace(given) {
  const before = Object.keys(given).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const [name, value] of Object.entries(given)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete globalThis[name];
    }
  };
}
