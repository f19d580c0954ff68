/**
 * Whether the person at the other end is the one and only end. Runs the words once when two devices meet, keeps the
 * result for as long as both certificates stay what they were, and never runs again unless a person asks.
 *
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./types.js').VerificationView} View
 */
import { FingerprintProblem } from "./fingerprints.js";
import { Pairing } from "./pairing.js";
import { parse } from "./pipe.js";
import { Runs } from "./runs.js";
import { WordsProblem } from "./words.js";

export class Verification {
  /** @type {Link|null} */ #link = null;
  /** @type {Link|null} */ #greeted = null;
  /** @type {Record<string, unknown>|null} a run the other side began while this side shows a warning */ #held = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {View} */
  view = { state: "none", words: null, run: 0, since: null, theirs: null, because: null, evidence: null };

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

  /** @param {import('./types.js').Outcome} outcome */
  async tick(outcome) {
    if (!this.view.words) return;
    await this.pairing.remember(outcome === "same");
    this.#tell({ t: "ticked", outcome });
    this.runs.record(outcome, this.parts.around.wordForm);
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
    else if (t === "commit" && this.#warns) this.#held = message;
    else if (t === "commit") await this.runs.follow(message);
    else await this.runs.step(message);
  }

  /** @param {Record<string, any>} hello */
  async #greet({ known, runs }) {
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
    if (this.view.run && this.pairing.met) this.runs.record("different", this.parts.around.wordForm);
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
