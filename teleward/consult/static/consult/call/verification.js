/**
 * Whether the person at the other end is the one and only end. Runs the words once when two devices meet, keeps the
 * result for as long as both certificates stay what they were, and never runs again unless a person asks.
 *
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./types.js').VerificationView} View
 */
import { parse } from "./link.js";
import { FingerprintProblem, Pairing } from "./pairing.js";
import { Run, spoken, WordsProblem } from "./words.js";

const MOST_EARLY = 16; // nobody who keeps to the protocol says more before the certificates are read

export class Verification {
  /** @type {Link|null} */ #link = null;
  /** @type {Link|null} */ #greeted = null;
  /** @type {Record<string, any>[]} came before both certificates of this link were read */ #early = [];
  /** @type {Record<string, unknown>|null} a run the other side began while this side shows a warning */ #held = null;
  /** @type {View['state']|null} what was shown when the person asked for a run that has not begun */ #wish = null;
  /** @type {{outcome: string, c: string}|null} the last thing the person said, and of which run */ #said = null;
  /** what the log said last of it */ #waits = "";
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

  /** @param {{peer: string, initiator: boolean, around: import('./types.js').Surroundings, looked?: (link: Link) => void}} parts
   *   `looked` hears of each connection whose certificates were read, after it was said what they are */
  constructor(parts) {
    this.parts = parts;
    this.pairing = new Pairing({ visit: parts.around.visit, initiator: parts.initiator });
    this.runs = new Runs({ ...parts, pairing: this.pairing, tell: this.#tell, show: this.#show });
  }

  /** @param {Link} link */
  attach(link) {
    this.#link = link;
    this.#early = [];
    link.pipes.words.attach((data) => this.#inTurn(() => this.#take(link, parse(data) ?? {})));
    void link.pipes.words.opened.then(() => this.recheck());
  }

  /** Reads both certificates again; to be called whenever the connection may have changed. */
  recheck() {
    return this.#inTurn(() => this.#proceed());
  }

  /** A person asks for words once more; they come when the connection is known to be the one the person saw. */
  ask() {
    if (this.pairing.met) this.#wish = this.view.state;
    return this.recheck();
  }

  /** @param {import('./types.js').Outcome} outcome @param {import('./types.js').WordForm} [form] the one that was compared */
  tick(outcome, form = this.view.form) {
    const seen = this.view;
    return this.#inTurn(() => this.#ticked(seen, outcome, form));
  }

  /**
   * The person speaks of what they saw when they pressed: "the same" is nothing about other words, and lifts no warning
   * that came meanwhile; "different" is one of these two devices, whichever run it was.
   * @param {View} seen @param {import('./types.js').Outcome} outcome @param {import('./types.js').WordForm} form
   */
  async #ticked(seen, outcome, form) {
    const stale = seen.words !== this.view.words;
    if (!seen.words || (outcome === "same" ? stale || this.#warns : seen.evidence !== this.view.evidence)) return;
    if (stale) this.runs.drop();
    await this.pairing.remember(outcome === "same");
    this.#said = { outcome, c: this.runs.commitment };
    this.#tell({ t: "ticked", ...this.#said });
    this.runs.record(outcome, form);
    this.#show({ state: outcome === "same" ? "verified" : "different", because: "person" });
  }

  /** A message may overtake what the browser says of its connection: it waits, and none after it goes first. */
  async #proceed() {
    const link = this.#link;
    if (!link) return;
    if (!(await this.#check(link))) return this.#watch(link.pc);
    for (let next = this.#early.shift(); next; next = this.#early.shift()) await this.#heed(next);
    const wish = this.#wish;
    this.#wish = null;
    if (wish && (wish === this.view.state || !this.#warns)) await this.#again(true);
  }

  /** @param {Link} link @returns {Promise<boolean>} whether both certificates of this very link were read, and it speaks */
  async #check(link) {
    const found = await this.pairing.check(link.pc);
    if (!found) return false;
    if (found !== "same") this.#meet(found === "met" ? "none" : "changed");
    if (link === this.#link && this.#greeted !== link && link.pipes.words.open) this.#hello(link);
    return link === this.#greeted;
  }

  /** Nothing that was begun or said with another device counts. @param {'none'|'changed'} state */
  #meet(state) {
    this.runs.drop();
    this.#held = null;
    this.#show({ state, words: null, since: null, theirs: null, because: null, evidence: this.pairing.evidence });
  }

  /** @param {Link} link */
  #hello(link) {
    this.#greeted = link;
    const { language } = this.parts.around;
    this.#tell({ t: "hello", known: this.pairing.knownSince !== null, runs: this.view.run, language });
    this.parts.looked?.(link);
  }

  /** The log says once what is waited for. @param {RTCPeerConnection} pc */
  #watch(pc) {
    const waits = [pc.connectionState, pc.sctp?.transport.state ?? "", this.#link?.pipes.words.open ?? false];
    if (String(waits) !== this.#waits) this.parts.around.note("words-wait", waits);
    this.#waits = String(waits);
    pc.addEventListener("signalingstatechange", this.#look, { once: true });
    pc.sctp?.transport.addEventListener("statechange", this.#look, { once: true });
  }

  #look = () => void this.recheck();

  /** To be called now and then: not every browser says when certificates can be read. */
  lookAgain() {
    if (this.#link !== this.#greeted) this.#look();
  }

  /** @param {Link} link @param {Record<string, any>} message */
  #take(link, message) {
    if (link !== this.#link || this.#early.length === MOST_EARLY) return;
    this.#early.push(message);
    return this.#proceed();
  }

  /** @param {Record<string, any>} message */
  async #heed(message) {
    const { t } = message;
    if (t === "hello") await this.#greet(message);
    else if (t === "again") await this.#again(false);
    else if (t === "ticked") this.#heardTick(message);
    else if (t === "stop") this.#fail("commit");
    else if (t === "commit" && this.#warns) this.#held = message;
    else if (t === "commit") await this.runs.follow(message);
    else await this.runs.step(message);
  }

  /** @param {Record<string, any>} hello */
  async #greet({ known, runs, language }) {
    this.#show({ form: language === this.parts.around.language ? "words" : "digits" });
    this.runs.met(runs);
    const { state, run } = this.view;
    if (known === true && this.pairing.knownSince && run === 0) {
      this.runs.record("same", "known-device");
      return this.#show({ state: "known", since: this.pairing.knownSince });
    }
    const lostThere = runs === 0 && (state === "ready" || state === "running" || (state === "verified" && !known));
    if (this.parts.initiator && (state === "none" || lostThere)) return this.runs.lead();
    if (!this.#warns) this.runs.repeat();
    if (this.#said?.c && this.#said.c === this.runs.commitment) this.#tell({ t: "ticked", ...this.#said });
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

  /** @param {Record<string, any>} ticked */
  #heardTick({ outcome, c }) {
    if (outcome === "different") this.#show({ state: "different", theirs: "different", because: "them" });
    else if (outcome === "same" && c === this.runs.commitment) this.#show({ theirs: "same" });
  }

  /** @param {string} because */
  #fail(because) {
    if (this.view.state === "different" && this.view.because === because) return;
    this.runs.drop();
    if (this.view.run && this.pairing.met) this.runs.record("different", this.view.form);
    this.#show({ state: "different", words: null, because });
    this.parts.around.emit("problem", { code: `words:${because}`, fatal: false, peer: this.parts.peer });
  }

  /** Only to whom was greeted: over a connection that is not looked at yet, nothing is said. @param {object} message */
  #tell = (message) => void (this.#link === this.#greeted && this.#link?.pipes.words.tell(message));

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

  /** A page that was loaded anew goes on counting where the other one stands. @param {unknown} theirs */
  met(theirs) {
    if (Number.isInteger(theirs)) this.#count = Math.min(MOST_RUNS, Math.max(this.#count, Number(theirs)));
  }

  /** Responder: the other side began. @param {Record<string, any>} commit */
  async follow(commit) {
    if (this.parts.initiator || !this.parts.pairing.met) return;
    if (commit.c === this.commitment || this.#begin()) await this.step(commit);
  }

  /** Initiator: says again what may have been lost with a connection that was replaced. */
  repeat() {
    if (this.parts.initiator && this.#run?.last) this.parts.tell(this.#run.last);
  }

  /** Which run it is; empty before it is known, and while there is none. */
  get commitment() {
    return this.#run?.commitment ?? "";
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
    const { context } = this.parts.pairing;
    if (!context) throw new Error("words are bound to two certificates, and they have not been read");
    this.#count += 1;
    this.#run = new Run({ initiator: this.parts.initiator, context });
    this.parts.show({ state: "running", words: null, run: this.#count, theirs: null, because: null });
    return this.#run;
  }
}
