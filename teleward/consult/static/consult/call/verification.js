/**
 * Whether the person at the other end is the one and only end. Runs the words once when two devices meet, keeps the
 * result for as long as both certificates stay what they were, and never runs again unless a person asks.
 *
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./types.js').VerificationView} View
 */
import { keep, parse, recall } from "./link.js";
import {
  contextOf,
  equal,
  evidenceOf,
  FingerprintProblem,
  fingerprintsOf,
  hash,
  hex,
  isDescribed,
  Run,
  spoken,
  WordsProblem,
} from "./words.js";

export class Verification {
  /** @type {Link|null} */ #link = null;
  /** @type {Link|null} */ #greeted = null;
  /** @type {Record<string, unknown>|null} a run the other side began while this side shows a warning */ #held = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {View} */
  view = {
    state: "none",
    words: null,
    run: 0,
    since: null,
    theirs: null,
    because: null,
    evidence: null,
    form: "digits",
  };

  /** @param {{peer: string, initiator: boolean, around: import('./types.js').Surroundings}} parts */
  constructor(parts) {
    this.parts = parts;
    this.pairing = new Pairing({ visit: parts.around.visit, initiator: parts.initiator });
    this.runs = new Runs({ ...parts, pairing: this.pairing, tell: this.#tell, show: this.#show });
  }

  /** @param {Link} link */
  attach(link) {
    this.#link = link;
    link.pipes.words.attach((data) => this.#inTurn(() => this.#take(link, parse(data) ?? {})));
    void link.pipes.words.opened.then(() => this.recheck());
  }

  /** Reads both certificates again; to be called whenever the connection may have changed. */
  recheck() {
    return this.#inTurn(() => this.#check());
  }

  /** A person asks for words once more. */
  ask() {
    return this.#inTurn(() => this.#again(true));
  }

  /** @param {import('./types.js').Outcome} outcome @param {import('./types.js').WordForm} [form] the one that was compared */
  async tick(outcome, form = this.view.form) {
    if (!this.view.words) return;
    await this.pairing.remember(outcome === "same");
    this.#tell({ t: "ticked", outcome });
    this.runs.record(outcome, form);
    this.#show({ state: outcome === "same" ? "verified" : "different", because: "person" });
  }

  async #check() {
    const link = this.#link;
    const found = link && (await this.pairing.check(link.pc));
    if (!found) return;
    if (found === "changed") this.runs.drop();
    const blank = { words: null, since: null, theirs: null, because: null, evidence: this.pairing.evidence };
    if (found !== "same") this.#show({ state: found === "met" ? "none" : "changed", ...blank });
    if (this.#greeted === link || !link.pipes.words.open) return;
    this.#greeted = link;
    const { language } = this.parts.around;
    this.#tell({ t: "hello", known: this.pairing.knownSince !== null, runs: this.view.run, language });
  }

  /** @param {Link} link @param {Record<string, any>} message */
  async #take(link, message) {
    if (link !== this.#link) return;
    if (!isDescribed(link.pc)) return this.#later(link, message);
    await this.#check();
    const { t } = message;
    if (t === "hello") await this.#greet(message);
    else if (t === "again") await this.#again(false);
    else if (t === "ticked") this.#heardTick(message.outcome);
    else if (t === "stop") this.#fail("commit");
    else if (t === "commit" && this.#warns) this.#held = message;
    else if (t === "commit") await this.runs.follow(message);
    else await this.runs.step(message);
  }

  /** A message that came before the page knows with whom it is connected. @param {Link} link @param {object} message */
  #later(link, message) {
    const again = () => this.#inTurn(() => this.#take(link, message));
    link.pc.addEventListener("signalingstatechange", again, { once: true });
  }

  /** @param {Record<string, any>} hello */
  async #greet({ known, runs, language }) {
    this.#show({ form: language === this.parts.around.language ? "words" : "digits" });
    const { state, run } = this.view;
    if (known === true && this.pairing.knownSince && run === 0) {
      this.runs.record("same", "known-device");
      return this.#show({ state: "known", since: this.pairing.knownSince });
    }
    const lostThere = runs === 0 && (state === "ready" || state === "running");
    if (this.parts.initiator && (state === "none" || lostThere)) await this.runs.lead();
  }

  /** @param {boolean} byPerson here; a wish from the other side never lifts a warning */
  async #again(byPerson) {
    if (!this.pairing.met || (!byPerson && this.#warns)) return;
    if (this.parts.initiator) return this.runs.lead();
    const held = this.#held;
    this.#held = null;
    if (this.#warns) this.#show({ state: "none" });
    if (held) await this.runs.follow(held);
    else this.#tell({ t: "again" });
  }

  get #warns() {
    return this.view.state === "changed" || this.view.state === "different";
  }

  /** @param {unknown} outcome */
  #heardTick(outcome) {
    if (outcome === "different") this.#show({ state: "different", theirs: "different", because: "them" });
    else if (outcome === "same") this.#show({ theirs: "same" });
  }

  /** @param {string} because */
  #fail(because) {
    if (this.view.state === "different" && this.view.because === because) return;
    this.runs.drop();
    if (this.view.run && this.pairing.met) this.runs.record("different", this.view.form);
    this.#show({ state: "different", words: null, because });
    this.parts.around.emit("problem", { code: `words:${because}`, fatal: false, peer: this.parts.peer });
  }

  /** @param {object} message */
  #tell = (message) => void this.#link?.pipes.words.tell(message);

  /** @param {Partial<View>} change */
  #show = (change) => {
    this.view = { ...this.view, ...change };
    this.parts.around.note("words", [this.view.state, this.view.because, this.view.run]);
    this.parts.around.changed();
  };

  /** @param {() => Promise<void>|void} work */
  #inTurn(work) {
    this.#queue = this.#queue.then(work).catch((error) => this.#broken(error));
    return this.#queue;
  }

  /** @param {unknown} error */
  #broken(error) {
    this.parts.around.note("words-failed", String(error));
    if (!(error instanceof WordsProblem) && !(error instanceof FingerprintProblem)) return;
    if (error.code === "commit") this.#tell({ t: "stop", code: "commit" });
    this.#fail(error.code);
  }
}

/** The runs between two people: one by itself, a second and third only when somebody asked, no fourth. */
export const MOST_RUNS = 3;

export class Runs {
  /** @type {Run|null} */ #run = null;
  #count = 0;

  /**
   * @param {{peer: string, initiator: boolean, around: import('./types.js').Surroundings,
   *   pairing: Pairing, tell: (message: object) => void,
   *   show: (change: Partial<import('./types.js').VerificationView>) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** Initiator: begins. */
  async lead() {
    const run = this.#begin();
    if (run) this.parts.tell(await run.begin());
  }

  /** Responder: the other side began. @param {Record<string, any>} commit */
  async follow(commit) {
    if (!this.parts.initiator && this.parts.pairing.met && this.#begin()) await this.step(commit);
  }

  /** @param {Record<string, any>} message @throws {import('./words.js').WordsProblem} */
  async step(message) {
    const { reply, short } = (await this.#run?.take(message)) ?? {};
    if (reply) this.parts.tell(reply);
    if (short) this.parts.show({ state: "ready", words: spoken(short), since: new Date().toISOString() });
  }

  /** What is under way counts no longer. */
  drop() {
    this.#run = null;
  }

  /** @param {import('./types.js').Outcome} outcome @param {import('./types.js').WordForm|'known-device'} form */
  record(outcome, form) {
    const { peer, around, pairing } = this.parts;
    const run = Math.max(1, this.#count);
    around.send({ type: "words", peer, run, outcome, form, evidence: pairing.evidence });
  }

  #begin() {
    if (this.#count >= MOST_RUNS) {
      this.parts.around.emit("problem", { code: "words:runs", fatal: false, peer: this.parts.peer });
      return null;
    }
    this.#count += 1;
    this.#run = new Run({ initiator: this.parts.initiator, context: this.parts.pairing.context });
    this.parts.show({ state: "running", words: null, run: this.#count, theirs: null, because: null });
    return this.#run;
  }
}

/** Which two devices this connection joins, and whether they are still the same two. */
export class Pairing {
  /** @type {{mine: Uint8Array, theirs: Uint8Array}|null} */ #pair = null;
  context = new Uint8Array();
  evidence = "";
  /** @type {string|null} day on which the other device was verified on this one */ knownSince = null;

  /** @param {{visit: string, initiator: boolean}} parts */
  constructor(parts) {
    this.parts = parts;
  }

  get met() {
    return this.#pair !== null;
  }

  /** @param {RTCPeerConnection} pc @returns {Promise<'same'|'met'|'changed'|null>} null while not connected */
  async check(pc) {
    const pair = await fingerprintsOf(pc);
    if (!pair) return null;
    const before = this.#pair;
    if (before && equal(pair.mine, before.mine) && equal(pair.theirs, before.theirs)) return "same";
    this.#pair = pair;
    const [initiator, responder] = this.parts.initiator ? [pair.mine, pair.theirs] : [pair.theirs, pair.mine];
    this.context = await contextOf(this.parts.visit, initiator, responder);
    this.evidence = await evidenceOf(initiator, responder);
    this.knownSince = before ? null : await verifiedOn(pair.theirs);
    return before ? "changed" : "met";
  }

  /** @param {boolean} verified what a person said about the other device */
  async remember(verified) {
    if (!this.#pair) return;
    this.knownSince = verified ? await rememberVerified(this.#pair.theirs) : null;
    if (!verified) await forgetVerified(this.#pair.theirs);
  }
}

// The devices verified on this one: hashes of their certificates with a date, nothing that names a person.

/** @param {Uint8Array} fingerprint of the other side @returns {Promise<string|null>} the day it was verified, as YYYY-MM-DD */
export async function verifiedOn(fingerprint) {
  return /** @type {string|undefined} */ (await recall("verified", await nameOf(fingerprint))) ?? null;
}

/** @param {Uint8Array} fingerprint @returns {Promise<string>} the day that is kept */
export async function rememberVerified(fingerprint) {
  const day = new Date().toISOString().slice(0, 10);
  await keep("verified", await nameOf(fingerprint), day);
  return day;
}

/** The person said the words differed: that device is no longer known. @param {Uint8Array} fingerprint */
export async function forgetVerified(fingerprint) {
  await keep("verified", await nameOf(fingerprint), undefined);
}

/** @param {Uint8Array} fingerprint */
async function nameOf(fingerprint) {
  return hex(await hash("consult-known-v1", fingerprint));
}
