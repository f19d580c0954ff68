/**
 * The last seconds of a curve, sample by sample at the place its number gives it. What did not come has no place filled:
 * `at` says null there, and nothing is put between two values.
 *
 * @typedef {import('../checking.js').Wave} Wave
 */

const SECONDS = 20; // kept
const LATE = 1000; // milliseconds a frame may be on its way before it counts as missing
const MANY = 500; // frames: a longer gap is counted at once
const ELSEWHERE = 1 << 20; // frames: a jump further than that is another curve, not a gap
const LOOSE = -32_768; // the electrode had no contact

export class Trace {
  /** @type {Int16Array[]} */ #leads = [];
  /** @type {Int32Array} which sample stands at a place, -1 none */ #whose = new Int32Array(0);
  #first = 0; // number of the first frame
  #per = 0; // samples of a frame
  #next = 0; // one after the newest frame
  #at = Number.NEGATIVE_INFINITY; // when the newest was taken
  /** @type {Map<number, number>} frames that are missing, since when */ #missing = new Map();
  hertz = 0;
  leads = 0;
  frames = 0;
  /** frames that never came */ lost = 0;
  loose = false;

  /** @param {Wave} wave @param {number} now @returns {number} the first sample that changed, -1 none */
  put(wave, now) {
    if (this.#isOther(wave)) this.#begin(wave);
    const number = (wave.sequence - this.#first) | 0; // numbers go round at 2^32
    if (number < 0 || number * this.#per < this.head - this.#whose.length) return -1;
    if (number < this.#next && !this.#missing.delete(number)) return -1; // it came before, or is too late to count
    this.#miss(number, now);
    this.#next = Math.max(this.#next, number + 1);
    this.#at = Math.max(this.#at, wave.at);
    this.frames += 1;
    this.#write(wave, number * this.#per);
    return number * this.#per;
  }

  /** One after the newest sample. */
  get head() {
    return this.#next * this.#per;
  }

  /** How many samples are kept. */
  get length() {
    return this.#whose.length;
  }

  /** Counts what is missing for too long. @param {number} now */
  settle(now) {
    for (const [number, since] of this.#missing) {
      if (now - since < LATE) return;
      this.#missing.delete(number);
      this.lost += 1;
    }
  }

  /** @param {number} lead @param {number} index @returns {number|null} thousandths of a millivolt */
  at(lead, index) {
    const place = index % this.#whose.length;
    if (this.#whose[place] !== index) return null;
    const value = this.#leads[lead]?.[place] ?? LOOSE;
    return value === LOOSE ? null : value;
  }

  /** A later time with an earlier number: the device began to count anew. @param {Wave} wave */
  #isOther({ sequence, at, leads, samples, hertz }) {
    const jump = (sequence - this.#first - this.#next) | 0;
    const anew = (jump < 0 && at > this.#at) || Math.abs(jump) > ELSEWHERE;
    return anew || leads !== this.leads || samples !== this.#per || hertz !== this.hertz;
  }

  /** @param {number} number @param {number} now */
  #miss(number, now) {
    if (number - this.#next > MANY) this.lost += number - this.#next;
    else for (let skipped = this.#next; skipped < number; skipped += 1) this.#missing.set(skipped, now);
  }

  /** @param {Wave} wave */
  #begin({ sequence, leads, samples, hertz }) {
    Object.assign(this, { leads, hertz });
    const length = hertz * SECONDS;
    this.#per = samples;
    this.#first = sequence;
    this.#next = 0;
    this.#at = Number.NEGATIVE_INFINITY;
    this.lost += this.#missing.size;
    this.#missing.clear();
    this.#leads = Array.from({ length: leads }, () => new Int16Array(length));
    this.#whose = new Int32Array(length).fill(-1);
  }

  /** @param {Wave} wave @param {number} from */
  #write({ frame, leads, samples }, from) {
    this.loose = false;
    for (let sample = 0; sample < samples; sample += 1)
      this.#whose[(from + sample) % this.#whose.length] = from + sample;
    for (let lead = 0; lead < leads; lead += 1) {
      const row = /** @type {Int16Array} */ (this.#leads[lead]);
      for (let sample = 0; sample < samples; sample += 1) {
        const value = frame.getInt16(16 + 2 * (lead * samples + sample), true);
        row[(from + sample) % row.length] = value;
        this.loose ||= value === LOOSE;
      }
    }
  }
}
