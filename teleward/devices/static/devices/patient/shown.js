// What went out, as the patient sees it: each reading with its time, to whom it went, whether it came, and a button to keep it.

import { button, make } from "./drawer.js";

/** @typedef {import('./drawer.js').Drawer} Drawer */
/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('./types.js').Post} Post */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./types.js').Sent} Sent */

const MOST = 30; // rows; of continuous kinds only the newest reading has one

export class Shown {
  /** @type {Set<Sent>} */ #keeping = new Set();
  /** @type {Set<Sent>} */ #unkept = new Set();

  /** @param {Drawer} drawer @param {Flow} flow @param {Post} post */
  constructor(drawer, flow, post) {
    this.drawer = drawer;
    this.flow = flow;
    this.post = post;
    flow.addEventListener("change", this.draw);
  }

  draw = () => {
    const rows = this.#newest();
    this.drawer.piece("shown").hidden = rows.length === 0;
    const list = this.drawer.piece("shown-list");
    const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.closest("[data-reading]");
    const id = /** @type {HTMLElement|null} */ (focused)?.dataset.reading;
    list.replaceChildren(...rows.map(([sent, count]) => this.#row(sent, count)));
    if (id)
      /** @type {HTMLElement|null} */ (list.querySelector(`[data-reading="${id}"] :is(button, [tabindex])`))?.focus();
  };

  /** Readings from a device's memory, which nobody has seen. @param {Reading} reading @param {() => void} send */
  store(reading, send) {
    const { drawer } = this;
    const row = make("li", "tw-measure-row");
    const when = drawer.clock(reading.measured_at ?? reading.received_at);
    const press = button("tw-button tw-button-second tw-button-small", drawer.word("stored-show"), () => {
      row.remove();
      drawer.piece("stored").hidden = !drawer.piece("stored-list").hasChildNodes();
      send();
    });
    row.append(make("p", "", `${drawer.word("stored-when", { when })} ${drawer.reading(reading)}`), press);
    drawer.piece("stored-list").prepend(row);
    drawer.piece("stored").hidden = false;
  }

  /** Rows with how many readings each stands for. @returns {[Sent, number][]} */
  #newest() {
    /** @type {Map<string, [Sent, number]>} */ const rows = new Map();
    for (const sent of this.flow.sent) {
      const key = this.drawer.kind(sent.reading.kind).continuous ? sent.pairing : sent.reading.id;
      const row = rows.get(key);
      if (row) row[1] += 1;
      else rows.set(key, [sent, 1]);
    }
    return [...rows.values()].slice(0, MOST);
  }

  /** @param {Sent} sent @param {number} count */
  #row(sent, count) {
    const { drawer } = this;
    const { reading } = sent;
    const row = make("li", "tw-measure-row", "", { "data-reading": reading.id });
    const head = make(
      "p",
      "tw-measure-head",
      `${drawer.kind(reading.kind).word} · ${drawer.clock(reading.received_at)}`,
    );
    if (reading.source === "typed") head.append(" ", make("span", "tw-tag tw-tag-look", drawer.word("tag-typed")));
    const flags = reading.flags.map((flag) => drawer.page.flags[flag] ?? flag);
    const said = sent.curve ? drawer.word("shown-curve") : drawer.reading(reading);
    row.append(head, make("p", "tw-measure-values", said));
    if (flags.length) row.append(make("p", "tw-hint", flags.join(" · ")));
    row.append(make("p", "tw-hint", this.#fate(sent, count)), this.#keep(sent));
    return row;
  }

  /** @param {Sent} sent @param {number} count */
  #fate({ to, arrived }, count) {
    const { drawer } = this;
    const who = to.length ? drawer.list(to) : drawer.word("bar-nobody");
    const told = drawer.word(arrived ? "shown-arrived" : "shown-to", { who });
    return count > 1 ? `${told} ${drawer.word("shown-count", { count })}` : told;
  }

  /** @param {Sent} sent @returns {HTMLElement} */
  #keep(sent) {
    const { drawer } = this;
    if (sent.kept === "kept" || sent.kept === "already") {
      return make("p", "tw-measure-kept", drawer.word("kept"), { tabindex: "-1" });
    }
    const holder = make("div", "");
    if (sent.refused) holder.append(make("p", "tw-trouble", sent.refused));
    if (this.#unkept.has(sent)) holder.append(make("p", "tw-trouble", drawer.word("keep-failed"), { role: "status" }));
    const word = drawer.word(sent.curve ? "keep-curve" : "keep");
    const press = button("tw-button tw-button-second tw-button-small", word, () => this.#save(sent));
    press.disabled = this.#keeping.has(sent);
    holder.append(press);
    return holder;
  }

  /** @param {Sent} sent */
  async #save(sent) {
    const { sharing, pairing, curve } = sent;
    const reading = curve ? { ...sent.reading, waveform: curve.newest } : sent.reading;
    this.#keeping.add(sent);
    this.#unkept.delete(sent);
    this.draw();
    try {
      const { answers } = await this.post(this.drawer.page.urls.keep, { sharing, pairing, readings: [reading] });
      this.flow.kept(sent, answers[0]);
    } catch {
      this.#unkept.add(sent);
    } finally {
      this.#keeping.delete(sent);
      this.draw();
    }
  }

  close() {
    this.flow.removeEventListener("change", this.draw);
  }
}
