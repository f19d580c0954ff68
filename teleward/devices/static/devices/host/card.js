// One kind of measurement on the sheet: the newest values large, how old they are and where from, what is outside the
// limits, and all values of this call.

import { make, write } from "./page.js";
import { thumbnail } from "./photo.js";
import { Spark } from "./spark.js";
import { ageOf, clockSays, insert, isStale, judged, newestOf, standingOf, valueFor } from "./standing.js";

/** @typedef {import('./page.js').Sheet} Sheet */
/** @typedef {import('./page.js').Kind} Kind */
/** @typedef {import('./page.js').Quantity} Quantity */
/** @typedef {import('./standing.js').Entry} Entry */
/** @typedef {import('../checking.js').Value} Value */
/** @typedef {import('../checking.js').Wave} Wave */

const AGAIN = 2000; // milliseconds until a module that did not come is asked for once more
const MOST = 5000; // values kept in this page
const LISTED = 100; // rows of the table
const PICTURED = "photo-of-display";
const KEPT = /** @type {Record<string, string>} */ ({ kept: "kept", already: "kept", refused: "not-taken" });

export class Card {
  element = make("article", "tw-live-card");
  /** @type {Entry[]} */ entries = [];
  /** @type {Map<string, string>} how each device is */ states = new Map();
  #state = make("p", "tw-live-state");
  #values = make("dl", "tw-live-values");
  #age = make("p", "tw-live-age");
  #about = make("p", "tw-live-about");
  #photo = make("p", "tw-live-about");
  #rows = make("tbody");
  #shown = make("p", "tw-hint");
  #all = make("details", "tw-live-all");
  /** @type {Promise<import('./curve.js').Curve|null>|null} */ #curve = null;

  /** @param {Sheet} sheet @param {Kind} kind */
  constructor(sheet, kind) {
    this.sheet = sheet;
    this.kind = kind;
    this.spark = new Spark(sheet, kind);
    this.element.append(make("h3", "", kind.word), this.#state);
    if (kind.quantities.length) this.#furnish();
  }

  #furnish() {
    const { sheet } = this;
    const columns = ["time", "value", "source"].map((name) => make("th", "", sheet.word(`column-${name}`)));
    for (const column of columns) column.scope = "col";
    const [table, head, row] = [make("table", "tw-table tw-live-table"), make("thead"), make("tr")];
    row.append(...columns);
    head.append(row);
    table.append(make("caption", "tw-unseen", `${this.kind.word}: ${sheet.word("all")}`), head, this.#rows);
    this.#all.append(make("summary", "", sheet.word("all")), table, this.#shown);
    this.#all.addEventListener("toggle", () => this.#list());
    this.element.append(this.#values, this.#age, this.#about, this.#photo, this.spark.element, this.#all);
  }

  /** It is shown anew: a device that was stopped before says nothing about it. */
  begin() {
    for (const [pairing, state] of this.states) if (state === "stopped") this.states.delete(pairing);
  }

  /** @param {Entry} entry @returns {boolean} whether it was not there yet */
  take(entry) {
    const isNew = insert(this.entries, entry, MOST);
    if (entry.reading.source === "typed") this.states.delete(entry.pairing); // a form is not a device
    if (isNew && this.#all.open) this.#list();
    return isNew;
  }

  /** @param {string} reading @param {string} status */
  kept(reading, status) {
    const entry = this.entries.find((one) => one.reading.id === reading);
    if (entry) entry.kept = KEPT[status] ?? "";
    if (entry && this.#all.open) this.#list();
  }

  get newest() {
    return newestOf(this.entries, this.kind);
  }

  /** Draws what came, and then stands still: nothing more comes. */
  async rest() {
    (await this.#curve)?.rest();
  }

  /** @param {string} reading @returns {boolean} whether a photo of its display was announced */
  awaits(reading) {
    return this.entries.some(
      ({ reading: { id, source, flags } }) => id === reading && source === "typed" && flags.includes(PICTURED),
    );
  }

  /** @param {string} reading @param {Blob} photo */
  pictured(reading, photo) {
    const entry = this.entries.find((one) => one.reading.id === reading);
    if (!entry) return;
    if (entry.photo) URL.revokeObjectURL(entry.photo);
    entry.photo = URL.createObjectURL(photo);
    if (this.#all.open) this.#list();
  }

  /** @param {Wave} wave */
  async wave(wave) {
    this.#curve ??= this.#loaded();
    (await this.#curve)?.put(wave);
  }

  /** While the server is away it is asked for again, and what came meanwhile is a gap. */
  async #loaded() {
    const loaded = await import("./curve.js").catch(() => null);
    if (loaded) return new loaded.Curve(this.sheet, this.element);
    setTimeout(() => {
      this.#curve = null;
    }, AGAIN);
    return null;
  }

  end() {
    this.#curve?.then((curve) => curve?.end());
    for (const { photo } of this.entries) if (photo) URL.revokeObjectURL(photo);
  }

  /** What is to be said aloud about how it stands; the same words as long as nothing changes. @param {number} now */
  standing(now) {
    const { newest } = this;
    if (!newest) return "";
    if (isStale(newest, this.kind, now)) return this.sheet.word("said-old", { kind: this.kind.word });
    const values = this.#present(newest).map(({ value, quantity }) => {
      const marks = this.#marks(value, quantity);
      return [`${quantity.word} ${this.sheet.spoken(value, quantity)}`, ...marks].join(", ");
    });
    return this.sheet.word("said", { kind: this.kind.word, values: values.join("; ") });
  }

  /** The same without the numbers, which change with every heartbeat. @param {number} now */
  mood(now) {
    const { newest } = this;
    if (!newest || isStale(newest, this.kind, now)) return newest ? "stale" : "";
    return this.#present(newest)
      .map(({ value, quantity }) => this.#marks(value, quantity).join())
      .join("|");
  }

  /** @param {number} now */
  draw(now) {
    const { newest } = this;
    const stale = newest !== undefined && isStale(newest, this.kind, now);
    this.element.dataset.stale = String(stale);
    this.#drawState(stale);
    if (!this.kind.quantities.length) return;
    this.#all.hidden = !newest;
    if (!newest) return write(this.#age, this.sheet.word("waiting"));
    this.#drawValues(newest);
    write(this.#age, this.#ageInWords(newest, now));
    write(this.#about, this.#aboutInWords(newest));
    this.#drawPhoto(newest);
    this.spark.draw(this.entries, now);
  }

  /** @param {Entry} entry */
  #drawPhoto(entry) {
    if (this.#photo.dataset.of === entry.photo) return;
    this.#photo.replaceChildren(...this.#thumbnail(entry));
    this.#photo.dataset.of = entry.photo;
    if (!entry.photo) delete this.#photo.dataset.of;
  }

  /** @param {Entry} entry */
  #thumbnail(entry) {
    const values = this.#present(entry).map(({ value, quantity }) => this.sheet.spoken(value, quantity));
    return entry.photo ? [thumbnail(this.sheet, entry.photo, values.join(", "))] : [];
  }

  /** @param {boolean} stale */
  #drawState(stale) {
    const { states, isLost } = standingOf(this.states.values());
    const typed = this.newest?.reading.source === "typed" ? ["typed-state"] : [];
    const words = [...(stale ? ["stale"] : []), ...typed, ...states].map((key) => this.sheet.word(key));
    write(this.#state, words.join(" · "));
    this.#state.dataset.tone = stale || isLost ? "look" : "";
  }

  /** @param {Entry} entry */
  #drawValues(entry) {
    const tiles = this.#present(entry).map(({ value, quantity }) => {
      const tile = make("div", "tw-live-value");
      const marks = this.#marks(value, quantity);
      const number = make("dd", "tw-live-number", value.absent ? "" : this.sheet.number(value.value ?? ""));
      if (value.absent) number.append(make("span", "tw-live-absent", this.sheet.spoken(value, quantity)));
      else number.append(" ", make("span", "tw-live-unit", quantity.sign));
      tile.append(make("dt", "", quantity.word), number, ...marks.map((mark) => make("dd", "tw-live-mark", mark)));
      tile.dataset.alarm = String(marks.length > 0);
      return tile;
    });
    const before = this.#values.textContent;
    if (before !== tiles.map(({ textContent }) => textContent).join("")) this.#values.replaceChildren(...tiles);
  }

  /** The values that came, in the order of the kind. @param {Entry} entry */
  #present({ reading }) {
    return this.kind.quantities.flatMap((quantity) => {
      const value = valueFor(reading, quantity.code);
      return value ? [{ value, quantity }] : [];
    });
  }

  /** @param {Value} value @param {Quantity} quantity */
  #marks(value, quantity) {
    const { side, limit, implausible } = judged(value, quantity);
    const shown = `${this.sheet.number(limit)} ${quantity.sign}`;
    const outside = side && this.sheet.word(quantity.own ? `${side}-own` : side, { limit: shown });
    return [...(outside ? [outside] : []), ...(implausible ? [this.sheet.word("implausible")] : [])];
  }

  /** @param {Entry} entry @param {number} now */
  #ageInWords({ reading, taken }, now) {
    const behind = clockSays(reading);
    const at = this.sheet.time(reading.measured_at ?? 0);
    const key = behind !== null && behind < 0 ? "clock-ahead" : "clock-says";
    const received = this.sheet.ago(now - taken);
    if (behind === null) return received;
    const older = behind > 0 ? ` (${this.sheet.ago(ageOf({ reading, taken }, now))})` : "";
    return `${received}, ${this.sheet.word(key, { time: at })}${older}`;
  }

  /** Where it is from, what the device says besides, whether it is kept. @param {Entry} entry */
  #aboutInWords(entry) {
    const { reading } = entry;
    const before = this.#present(entry)
      .flatMap(({ value }) => this.sheet.before(value))
      .join(" / ");
    const key = reading.source === "typed" ? "typed-original" : "original";
    const parts = [
      this.#source(entry),
      reading.user === null ? "" : this.sheet.word("user", { user: reading.user }),
      before && this.sheet.word(key, { value: before }),
      ...reading.flags.map((flag) => this.sheet.flag(flag)),
      this.sheet.word(entry.kept || "not-kept"),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  /** @param {Entry} entry */
  #source({ reading: { source, device } }) {
    if (source === "typed") return this.sheet.word("from-typed");
    const named = [device.maker, device.model].filter(Boolean).join(" ");
    return named ? this.sheet.word("from-device", { device: named }) : this.sheet.word("from-some-device");
  }

  #list() {
    if (!this.#all.open) return;
    const newest = this.entries.slice(-LISTED).reverse();
    this.#rows.replaceChildren(...newest.map((entry) => this.#row(entry)));
    const { length } = this.entries;
    write(this.#shown, length > LISTED ? this.sheet.word("newest-of", { shown: LISTED, all: length }) : "");
  }

  /** @param {Entry} entry */
  #row(entry) {
    const row = make("tr");
    const values = this.#present(entry).map(({ value, quantity }) =>
      [this.sheet.spoken(value, quantity), ...this.#marks(value, quantity)].join(", "),
    );
    const { flags, received_at } = entry.reading;
    const kept = this.sheet.word(entry.kept || "not-kept");
    const cells = [
      this.sheet.time(received_at),
      values.join("; "),
      [this.#source(entry), ...flags.map((flag) => this.sheet.flag(flag)), kept].join(", "),
    ];
    const columns = ["time", "value", "source"].map((name) => this.sheet.word(`column-${name}`));
    row.append(...cells.map((cell, at) => make("td", "", cell, { "data-label": columns[at] ?? "" })));
    row.lastElementChild?.append(...this.#thumbnail(entry));
    return row;
  }
}
