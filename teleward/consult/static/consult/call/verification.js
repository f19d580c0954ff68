/**
 * Whether the person at the other end is the one and only end. Runs the words once when two devices meet, keeps the
 * result for as long as both certificates stay what they were, and never runs again unless a person asks.
 *
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./types.js').VerificationView} View
 */
import { Pairing } from "./pairing.js";
import { parse } from "./pipe.js";
import { spoken } from "./spoken.js";
import { Run, WordsProblem } from "./words.js";

export const MOST_RUNS = 3;

export class Verification {
  /** @type {Link|null} */ #link = null;
  /** @type {Link|null} */ #greeted = null;
  /** @type {Run|null} */ #run = null;
  /** @type {Record<string, unknown>|null} a run the other side began while this side shows a warning */ #held = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {View} */
  view = { state: "none", words: null, run: 0, since: null, theirs: null, because: null, evidence: null };

  /** @param {{peer: string, initiator: boolean, around: import('./types.js').Surroundings}} parts */
  constructor(parts) {
    this.parts = parts;
    this.pairing = new Pairing({ visit: parts.around.visit, initiator: parts.initiator });
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

  /** @param {import('./types.js').Outcome} outcome */
  async tick(outcome) {
    if (!this.view.words) return;
    await this.pairing.remember(outcome === "same");
    this.#tell({ t: "ticked", outcome });
    this.#record(outcome, this.parts.around.wordForm);
    this.#show({ state: outcome === "same" ? "verified" : "different", because: "person" });
  }

  async #check() {
    const link = this.#link;
    const found = link && (await this.pairing.check(link.pc));
    if (!found) return;
    if (found === "changed") this.#run = null;
    const blank = { words: null, since: null, theirs: null, because: null, evidence: this.pairing.evidence };
    if (found !== "same") this.#show({ state: found === "met" ? "none" : "changed", ...blank });
    if (this.#greeted === link || !link.pipes.words.open) return;
    this.#greeted = link;
    this.#tell({ t: "hello", known: this.pairing.knownSince !== null, runs: this.view.run });
  }

  /** @param {Link} link @param {Record<string, any>} message */
  async #take(link, message) {
    if (link !== this.#link) return;
    await this.#check();
    const { t } = message;
    if (t === "hello") await this.#greet(message);
    else if (t === "again") await this.#again(false);
    else if (t === "ticked") this.#heardTick(message.outcome);
    else if (t === "stop") this.#fail("commit");
    else if (t === "commit") await this.#follow(message);
    else await this.#step(message);
  }

  /** @param {Record<string, any>} hello */
  async #greet({ known, runs }) {
    const { state, run } = this.view;
    if (known === true && this.pairing.knownSince && run === 0) {
      this.#record("same", "known-device");
      return this.#show({ state: "known", since: this.pairing.knownSince });
    }
    const lostThere = runs === 0 && (state === "ready" || state === "running");
    if (this.parts.initiator && (state === "none" || lostThere)) await this.#lead();
  }

  /** @param {boolean} byPerson here; a wish from the other side never lifts a warning */
  async #again(byPerson) {
    if (!this.pairing.met || (!byPerson && this.#warns)) return;
    if (this.parts.initiator) return this.#lead();
    const held = this.#held;
    if (this.#warns) this.#show({ state: "none" });
    if (held) await this.#follow(held);
    else this.#tell({ t: "again" });
  }

  get #warns() {
    return this.view.state === "changed" || this.view.state === "different";
  }

  async #lead() {
    const run = this.#newRun();
    if (run) this.#tell(await run.begin());
  }

  /** @param {Record<string, any>} commit */
  async #follow(commit) {
    this.#held = this.#warns ? commit : null;
    if (this.parts.initiator || this.#held || !this.pairing.met) return;
    if (this.#newRun()) await this.#step(commit);
  }

  #newRun() {
    if (this.view.run >= MOST_RUNS) {
      this.#problem("words:runs");
      return null;
    }
    this.#run = new Run({ initiator: this.parts.initiator, context: this.pairing.context });
    this.#show({ state: "running", words: null, run: this.view.run + 1, theirs: null, because: null });
    return this.#run;
  }

  /** @param {Record<string, any>} message */
  async #step(message) {
    const { reply, short } = (await this.#run?.take(message)) ?? {};
    if (reply) this.#tell(reply);
    if (short) this.#show({ state: "ready", words: spoken(short), since: new Date().toISOString() });
  }

  /** @param {unknown} outcome */
  #heardTick(outcome) {
    if (outcome === "different") this.#show({ state: "different", theirs: "different", because: "them" });
    else if (outcome === "same") this.#show({ theirs: "same" });
  }

  /** @param {string} because */
  #fail(because) {
    if (this.view.state === "different" && this.view.because === because) return;
    this.#run = null;
    if (this.view.run && this.pairing.met) this.#record("different", this.parts.around.wordForm);
    this.#show({ state: "different", words: null, because });
    this.#problem(`words:${because}`);
  }

  /** @param {import('./types.js').Outcome} outcome @param {import('./types.js').WordForm|'known-device'} form */
  #record(outcome, form) {
    const { peer, around } = this.parts;
    const run = Math.max(1, this.view.run);
    around.send({ type: "words", peer, run, outcome, form, evidence: this.pairing.evidence });
  }

  /** @param {string} code */
  #problem(code) {
    this.parts.around.emit("problem", { code, fatal: false, peer: this.parts.peer });
  }

  /** @param {object} message */
  #tell(message) {
    this.#link?.pipes.words.tell(message);
  }

  /** @param {Partial<View>} change */
  #show(change) {
    this.view = { ...this.view, ...change };
    this.parts.around.note("words", [this.view.state, this.view.because, this.view.run]);
    this.parts.around.changed();
  }

  /** @param {() => Promise<void>|void} work */
  #inTurn(work) {
    this.#queue = this.#queue.then(work).catch((error) => this.#broken(error));
    return this.#queue;
  }

  /** @param {unknown} error */
  #broken(error) {
    if (error instanceof WordsProblem && error.code === "commit") this.#tell({ t: "stop", code: "commit" });
    this.parts.around.note("words-failed", String(error));
    this.#fail(error instanceof WordsProblem ? error.code : "fingerprint");
  }
}
