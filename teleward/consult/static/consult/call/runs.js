/** The runs of the words between two people: one by itself, a second and third only when somebody asked, no fourth. */
import { spoken } from "./spoken.js";
import { Run } from "./words.js";

export const MOST_RUNS = 3;

export class Runs {
  /** @type {Run|null} */ #run = null;
  #count = 0;

  /**
   * @param {{peer: string, initiator: boolean, around: import('./types.js').Surroundings,
   *   pairing: import('./pairing.js').Pairing, tell: (message: object) => void,
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
