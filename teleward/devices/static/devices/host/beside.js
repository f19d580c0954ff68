// The clinician's sheet while the patient shows what their devices measure. Values come from the patient's browser and
// stay in this page.

import { Channel } from "../channel.js";
import { Hearing } from "../hearing.js";
import { Card } from "./card.js";
import { make, Sheet, write } from "./page.js";

/** @typedef {import('../channel.js').Call} Call */
/** @typedef {{answerFile: (peer: string, id: string, yes: boolean) => Promise<void>}} Files */
/** @typedef {import('../checking.js').Reading} Reading */
/** @typedef {import('../checking.js').Wave} Wave */
/** @typedef {{peer: string, sharing: string, pairing: string, kind: string, kinds: string[], state: string,
 *   reading: any, status: string, age: number, wave: Wave, code: string, count: number}} Detail */

const TICK = 1000;
const LARGEST = 4_000_000; // bytes of a photo

/** @param {HTMLElement} element @param {{call: Call & Files, page: import('./page.js').Told}} given @returns {() => void} its end */
export function begin(element, { call, page }) {
  const board = new Board(new Sheet(element, page), call);
  return () => board.end();
}

class Board {
  /** @type {Map<string, Card>} by peer and kind */ #cards = new Map();
  /** @type {Map<string, {peer: string, kinds: string[], stopped: string}>} what is shown, and until when */ #sharings =
    new Map();
  /** @type {Map<string, Card>} by pairing */ #devices = new Map();
  /** @type {Map<Card, string>} */ #moods = new Map();
  /** @type {Map<string, number>} readings by sharing that did not arrive */ #missing = new Map();
  /** @type {Map<string, number>} messages that were not shown, and why */ #dropped = new Map();

  /** @param {Sheet} sheet @param {Call & Files} call */
  constructor(sheet, call) {
    this.sheet = sheet;
    this.call = call;
    const { visit, kinds } = sheet.told;
    const vouches = (/** @type {string} */ sharing) => this.#isGoing(sharing);
    this.channel = new Channel(call, { visit, listener: (wired) => new Hearing({ visit, kinds, vouches, ...wired }) });
    const acts = { sharing: this.#shared, state: this.#stands, reading: this.#measured, kept: this.#kept };
    for (const [type, act] of Object.entries({
      ...acts,
      stop: this.#stopped,
      missing: this.#missed,
      wave: this.#waved,
      dropped: this.#noted,
    })) {
      this.channel.addEventListener(type, (event) => act(/** @type {CustomEvent<Detail>} */ (event).detail));
    }
    call.addEventListener("file-offered", this.#offered);
    call.addEventListener("reading-photo", this.#pictured);
    this.clock = setInterval(() => this.#tick(), TICK);
  }

  end() {
    clearInterval(this.clock);
    this.call.removeEventListener("file-offered", this.#offered);
    this.call.removeEventListener("reading-photo", this.#pictured);
    this.channel.close();
    for (const card of this.#cards.values()) card.end();
  }

  /** Whether the server knows it as going on in this visit. @param {string} sharing @returns {Promise<boolean>} */
  async #isGoing(sharing) {
    const answer = await fetch(this.sheet.told.going, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { going } = await answer.json();
    return going.includes(sharing);
  }

  #shared = (/** @type {Detail} */ { peer, sharing, kinds }) => {
    const words = { name: this.#name(peer), kinds: this.#inWords(kinds) };
    this.#sharings.set(sharing, { peer, kinds, stopped: "" });
    this.sheet.part("none").hidden = true;
    this.#tellWhatGoes();
    this.#say(this.sheet.word("began", words));
    for (const kind of kinds) this.#card(peer, kind).begin();
    this.#tick();
  };

  #stands = (/** @type {Detail} */ { peer, pairing, kind, state }) => {
    const card = this.#card(peer, kind);
    this.#devices.set(pairing, card);
    card.states.delete(pairing); // the newest stands last
    card.states.set(pairing, state);
    card.draw(performance.now());
    const isWorth = state !== "measuring" && state !== "connecting";
    if (isWorth) this.#say(`${card.kind.word}: ${this.sheet.word(state)}.`);
  };

  #measured = (/** @type {Detail} */ { pairing, reading, age }) => {
    const card = this.#devices.get(pairing);
    const now = performance.now();
    if (!card?.take({ reading, pairing, taken: now - age, kept: "" })) return;
    card.draw(now);
    if (!card.kind.continuous) this.#say(card.standing(now));
    this.#feel(card, now);
  };

  /** A photo is taken from who showed the reading it belongs to, while they show it. @param {Event} event */
  #offered = (event) => {
    const { peer, id, size, purpose } = /** @type {CustomEvent} */ (event).detail;
    if (purpose !== "reading") return;
    event.preventDefault();
    const isWanted = this.#pictures(peer, id)?.isGoing === true && size <= LARGEST;
    if (!isWanted) this.#noted({ code: "photo" });
    void this.call.answerFile(peer, id, isWanted);
  };

  /** @param {Event} event */
  #pictured = (event) => {
    const { peer, id, blob } = /** @type {CustomEvent} */ (event).detail;
    const card = this.#pictures(peer, id)?.card;
    card?.pictured(id, blob);
    card?.draw(performance.now());
    if (card) this.#say(this.sheet.word("photo-here", { kind: card.kind.word }));
  };

  /** @param {string} peer @param {string} reading */
  #pictures(peer, reading) {
    const found = [...this.#cards].find(([key, card]) => key.startsWith(`${peer} `) && card.awaits(reading));
    if (!found) return null;
    const [, card] = found;
    const goes = [...this.#sharings.values()].filter(({ stopped }) => !stopped);
    return { card, isGoing: goes.some((one) => one.peer === peer && one.kinds.includes(card.kind.name)) };
  }

  #kept = (/** @type {Detail} */ { pairing, reading, status }) => {
    const card = this.#devices.get(pairing);
    card?.kept(reading, status);
    card?.draw(performance.now());
  };

  #stopped = (/** @type {Detail} */ { sharing }) => {
    const stopped = this.#sharings.get(sharing);
    if (!stopped) return;
    const { peer, kinds } = stopped;
    stopped.stopped = this.sheet.time(Date.now());
    for (const kind of kinds) void this.#card(peer, kind).rest();
    this.#tellWhatGoes();
    for (const kind of kinds) {
      const { states } = this.#card(peer, kind);
      for (const pairing of states.keys()) states.set(pairing, "stopped");
    }
    this.#say(this.sheet.word("ended", { name: this.#name(peer), kinds: this.#inWords(kinds) }));
    this.#tick();
  };

  /** A line for each person who shows something, and one for what ended at one time and does not go again. */
  #tellWhatGoes() {
    const shown = newest([...this.#sharings.values()]);
    const goes = grouped(
      shown.filter(({ stopped }) => !stopped),
      "peer",
    );
    const over = grouped(
      shown.filter(({ stopped }) => stopped),
      "stopped",
    );
    const lines = [...goes].map(([peer, kinds]) =>
      this.sheet.word("shows", { name: this.#name(peer), kinds: this.#inWords(kinds) }),
    );
    for (const [time, kinds] of over) lines.push(`${this.#inWords(kinds)}: ${this.sheet.word("stopped-at", { time })}`);
    this.sheet.part("going").hidden = false;
    this.sheet.part("going").replaceChildren(...lines.map((line) => make("p", "", line)));
  }

  #missed = (/** @type {Detail} */ { sharing, count }) => {
    this.#missing.set(sharing, count);
    this.#tick();
  };

  #waved = (/** @type {Detail} */ { pairing, wave }) => void this.#devices.get(pairing)?.wave(wave);

  #noted = (/** @type {{code: string}} */ { code }) => {
    this.#dropped.set(code, (this.#dropped.get(code) ?? 0) + 1);
  };

  /** @param {string} peer @param {string} kind */
  #card(peer, kind) {
    const known = this.#cards.get(`${peer} ${kind}`);
    if (known) return known;
    const card = new Card(this.sheet, /** @type {import('./page.js').Kind} */ (this.sheet.told.kinds[kind]));
    this.#cards.set(`${peer} ${kind}`, card);
    this.sheet.part("cards").append(card.element);
    card.draw(performance.now());
    return card;
  }

  #tick() {
    const now = performance.now();
    for (const card of this.#cards.values()) {
      card.draw(now);
      this.#feel(card, now);
    }
    const peers = new Set([...this.#sharings.values()].map(({ peer }) => peer));
    const flows = [...peers].every((peer) => this.call.state.peers.get(peer)?.link === "connected");
    write(this.sheet.part("line"), flows ? "" : this.sheet.word("line-stalled"));
    const missing = total(this.#missing);
    write(this.sheet.part("missing"), missing ? this.sheet.word("missing", { count: missing }) : "");
    const count = total(this.#dropped);
    const why = [...this.#dropped.keys()].join(", ");
    write(this.sheet.part("dropped"), count ? this.sheet.word("dropped", { count, why }) : "");
  }

  /** Says aloud when it changes how something stands: not with every heartbeat. @param {Card} card @param {number} now */
  #feel(card, now) {
    const [mood, before] = [card.mood(now), this.#moods.get(card)];
    this.#moods.set(card, mood);
    const isNews = mood === "stale" || card.kind.continuous;
    if (before !== undefined && mood !== before && isNews) this.#say(card.standing(now));
  }

  /** @param {string} text */
  #say(text) {
    this.sheet.part("said").textContent = text;
  }

  /** @param {string} peer */
  #name(peer) {
    return this.call.state.peers.get(peer)?.name ?? "";
  }

  /** @param {string[]} kinds */
  #inWords(kinds) {
    return kinds.map((kind) => this.sheet.told.kinds[kind]?.word ?? kind).join(", ");
  }
}

/** @typedef {{peer: string, kind: string, stopped: string}} Showing one kind, going on or ended */

/** How each kind of each person stands: while it goes on anywhere, it goes on.
 * @param {{peer: string, kinds: string[], stopped: string}[]} sharings @returns {Showing[]} */
function newest(sharings) {
  /** @type {Map<string, Showing>} */
  const found = new Map();
  for (const { peer, kinds, stopped } of sharings)
    for (const kind of kinds) {
      const goesOn = found.get(`${peer} ${kind}`)?.stopped === "";
      if (!goesOn) found.set(`${peer} ${kind}`, { peer, kind, stopped });
    }
  return [...found.values()];
}

/** @param {Showing[]} shown @param {'peer'|'stopped'} by @returns {Map<string, string[]>} the kinds */
function grouped(shown, by) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const one of shown) found.set(one[by], [...(found.get(one[by]) ?? []), one.kind]);
  return found;
}

/** @param {Map<unknown, number>} counted */
const total = (counted) => [...counted.values()].reduce((sum, one) => sum + one, 0);
