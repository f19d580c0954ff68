/**
 * The newest stretch of a curve without a gap, as a reading that may be kept. Nothing is filled in: after a gap it begins
 * anew.
 *
 * @typedef {{hertz: number, factor: string, unit: string, leads: number[][]}} Waveform
 */

export const LONGEST = 10; // seconds that are kept
const NUMBERS = 2 ** 32;

export class Curve {
  frames = 0;
  /** @type {Waveform|null} */ #wave = null;
  #next = -1;

  /** @param {number} sequence @param {Waveform} wave one frame */
  take(sequence, wave) {
    const old = this.#wave;
    const isNext = sequence === this.#next && old?.hertz === wave.hertz && old.leads.length === wave.leads.length;
    const most = wave.hertz * LONGEST;
    const leads = wave.leads.map((lead, at) => [...((isNext && old?.leads[at]) || []), ...lead].slice(-most));
    this.#wave = { ...wave, leads };
    this.#next = (sequence + 1) % NUMBERS;
    this.frames += 1;
  }

  /** @returns {Waveform|null} */
  get newest() {
    return this.#wave;
  }

  /** Seconds of the newest stretch. */
  get seconds() {
    return this.#wave ? (this.#wave.leads[0]?.length ?? 0) / this.#wave.hertz : 0;
  }
}
