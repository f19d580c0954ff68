/**
 * The devices of this call and the forms: which one is on the screen, how each stands, what it says last.
 *
 * @typedef {import('./types.js').Decode} Decode
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./instrument.js').Instrument} Instrument
 * @typedef {{kind: Kind, acquaintance: Acquaintance, instrument: Instrument|null, taking: Taking|null, trouble: string}} Place
 */
import { Acquaintance, Taking } from "./taking.js";

export class Devices {
  /** @type {Map<string, Place>} by kind */ #places = new Map();
  /** @type {Place|null} on the screen */ #here = null;
  /** @type {Promise<import('./typing.js').Typing>|null} loaded where somebody types */ #typing = null;

  /** @param {import('./photos.js').Ways & {drawer: import('./drawer.js').Drawer, bar: import('./showing.js').Bar,
   *   shown: import('./showing.js').Shown}} parts */
  constructor(parts) {
    const { drawer, flow, bar, shown } = parts;
    this.parts = parts;
    this.drawer = drawer;
    this.flow = flow;
    this.bar = bar;
    this.shown = shown;
    drawer.on("find", () => this.#find());
    drawer.on("again", () => this.#here?.instrument?.connect());
    drawer.on("type", () => this.#type());
    flow.addEventListener("change", () => this.#draw());
  }

  /** The patient agreed to show this kind. @param {Kind} kind */
  open(kind) {
    const fresh = {
      kind,
      acquaintance: new Acquaintance(kind.quantities),
      instrument: null,
      taking: null,
      trouble: "",
    };
    this.#here = this.#places.get(kind.name) ?? fresh;
    this.#places.set(kind.name, this.#here);
    if (!navigator.bluetooth) return this.#type();
    load(kind).catch(() => undefined); // the browser asks only right after a press: it is to be there by then
    this.drawer.step("device");
    return this.#draw();
  }

  /** Every device is let go; a form keeps what was typed. */
  stop() {
    for (const place of this.#places.values()) {
      place.instrument?.stop();
      Object.assign(place, { instrument: null, taking: null, trouble: "" });
    }
    this.drawer.step("choose", false);
  }

  async #find() {
    const { bluetooth } = navigator;
    const place = this.#here;
    if (!place || !bluetooth) return;
    const found = await load(place.kind).catch(() => null);
    if (!found) return this.drawer.write("device-trouble", this.drawer.word("device-module"));
    const instrument = new found.Instrument({ kind: place.kind, bluetooth, before: found.before });
    if (!(await instrument.choose())) return this.drawer.write("device-trouble", this.drawer.word(instrument.problem));
    if (!this.flow.sharingOf(place.kind.name)) return instrument.stop();
    place.instrument?.stop();
    place.instrument = instrument;
    place.taking = this.#taking(place, found);
    this.#follow(place, instrument, place.taking);
    return instrument.connect();
  }

  /** @param {Place} place @param {{decode?: Decode, curve?: () => import('./curve.js').Curve}} [reads] */
  #taking(place, { decode, curve } = {}) {
    const { bar, drawer, flow, shown } = this;
    const { kind, acquaintance } = place;
    const ask = bar.ask.bind(bar);
    const taking = new Taking({ kind, flow, acquaintance, ask, ...(decode && { decode }), ...(curve && { curve }) });
    on(taking, "discarded", ({ count }) =>
      bar.tell(drawer.word(count === 1 ? "discarded" : "discarded-many", { count })),
    );
    on(taking, "stored", ({ reading }) => shown.store(reading, () => taking.offer(reading)));
    on(taking, "unreadable", () => Object.assign(place, { trouble: "device-unreadable" }));
    return taking;
  }

  /** @param {Place} place @param {Instrument} instrument @param {Taking} taking */
  #follow(place, instrument, taking) {
    const { name } = place.kind;
    instrument.addEventListener("state", () => {
      this.flow.sendState(name, taking.pairing, instrument.state);
      this.#draw();
    });
    on(instrument, "frame", ({ characteristic, frame }) => {
      place.trouble = "";
      taking.take(characteristic, frame, instrument.facts);
      this.#draw();
    });
  }

  #draw() {
    const place = this.#here;
    if (!place) return;
    const { drawer } = this;
    const { instrument } = place;
    const state = instrument?.state ?? "none";
    const newest = this.flow.sent.find(({ pairing }) => pairing === place.taking?.pairing);
    drawer.write("device-title", place.kind.word);
    drawer.piece("device-state").dataset.state = state;
    drawer.write("device-state", drawer.word(`state-${state}`));
    drawer.write("device-about", about(drawer, instrument));
    const said = newest ? drawer.reading(newest.reading) : ""; // of a curve nothing can be said
    drawer.write("device-last", said ? drawer.word("device-last", { said }) : "");
    const trouble = instrument?.problem || place.trouble;
    drawer.write("device-trouble", trouble && drawer.word(trouble));
    const isLost = state === "disconnected" && instrument !== null;
    drawer.hide("find", !navigator.bluetooth || (instrument !== null && !isLost));
    drawer.hide("again", !isLost);
    for (const press of drawer.buttons("find")) press.classList.toggle("tw-button-second", isLost); // the other comes first
    drawer.hide("type", !place.kind.typed);
  }

  async #type() {
    const place = this.#here;
    if (!place) return;
    this.#typing ??= this.#forms();
    const typing = await this.#typing.catch(() => null);
    if (!typing) return this.#missing(place);
    typing.show(place.kind);
  }

  /** The form did not load; the button for it stays. @param {Place} place */
  #missing(place) {
    this.#typing = null;
    place.trouble = "device-module";
    this.drawer.step("device");
    this.#draw();
  }

  async #forms() {
    const { typing } = await import("./typing.js");
    return typing(this.drawer, this.parts, (kind, values, flags) => this.#typed(kind, values, flags));
  }

  /** @type {import('./typing.js').Send} */
  async #typed(name, values, flags) {
    const place = this.#places.get(name);
    const { flow } = this;
    if (!place || !flow.sharingOf(name)) return "stopped";
    const taking = this.#taking(place);
    flow.sendState(name, taking.pairing, "connected");
    await taking.typed(values, flags);
    return flow.sent.find(({ pairing }) => pairing === taking.pairing) ?? null;
  }
}

/** What reads this kind of device. @param {Kind} kind
 * @returns {Promise<{Instrument: typeof Instrument, decode: Decode, before: string[], curve?: () => import('./curve.js').Curve}>} */
async function load({ module, waves }) {
  const [{ Instrument }, said] = await Promise.all([import("./instrument.js"), import(module)]);
  const decode = said.begin?.() ?? said.decode;
  const { before = [] } = said;
  if (!waves) return { Instrument, decode, before };
  const { Curve } = await import("./curve.js");
  return { Instrument, decode, before, curve: () => new Curve() };
}

/** Name, maker and battery, as far as the device says them. @param {import('./drawer.js').Drawer} drawer
 * @param {Instrument|null} instrument */
function about(drawer, instrument) {
  if (!instrument) return drawer.word("device-ready");
  const { facts, name, battery } = instrument;
  const said = [name, [facts.maker, facts.model].filter(Boolean).join(" ")].filter(Boolean);
  if (battery !== null) said.push(drawer.word("device-battery", { level: drawer.percent(battery) }));
  return [...new Set(said)].join(" · ");
}

/** @param {EventTarget} target @param {string} type @param {(detail: any) => unknown} act */
function on(target, type, act) {
  target.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail));
}
