/**
 * What flows from this device to the others: begun by the patient's consent, stopped here first and told to the server
 * after, seen whole by the patient. No page elements, no network of its own.
 *
 * @typedef {import('./curve.js').Curve} Curve
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('./types.js').Post} Post
 * @typedef {import('./types.js').Reading} Reading
 * @typedef {import('./types.js').Sent} Sent
 * @typedef {import('./types.js').Sharing} Sharing
 * @typedef {import('./types.js').State} State
 * @typedef {Pick<import('../channel.js').Channel, 'share'|'state'|'tell'|'kept'|'wave'|'stop'|'admit'>} Channel
 */

const FIRST_PAUSE = 1000; // milliseconds before a stop that the server did not hear is told again
const LONGEST_PAUSE = 30_000;

export class Flow extends EventTarget {
  /** @type {Map<string, Sharing>} */ #open = new Map();
  /** @type {Map<number, string>} names by seat: to whom the patient agreed to show it */ audience = new Map();
  /** @type {Sent[]} what went out, the newest first */ sent = [];
  #stops = 0;

  /**
   * @param {{channel: Channel, urls: {share: string, stop: string}, post: Post,
   *   learn?: (kinds: import('./types.js').Kind[]) => void, wait?: (milliseconds: number) => Promise<void>}} parts
   *   `learn` hears what has to be known of the kinds that are shown
   */
  constructor({ channel, urls, post, learn = () => undefined, wait = pause }) {
    super();
    this.channel = channel;
    this.urls = urls;
    this.post = post;
    this.learn = learn;
    this.wait = wait;
  }

  /** What flows now. @returns {Sharing[]} */
  get open() {
    return [...this.#open.values()];
  }

  /** @param {string} kind */
  sharingOf(kind) {
    return this.open.find(({ kinds }) => kinds.includes(kind)) ?? null;
  }

  /** The patient agreed. Nothing flows before the server has written it down, nor if they thought better of it meanwhile.
   * @param {string} kind @param {'stop'|'end'} until @param {Person[]} to @param {() => boolean} [still] whether they agree
   * @returns {Promise<string|null>} null where it did not begin */
  async begin(kind, until, to, still = () => true) {
    const stops = this.#stops;
    const { sharing, kinds = [] } = await this.post(this.urls.share, { kinds: [kind], until });
    if (stops !== this.#stops || !still()) {
      void this.#report(sharing);
      return null;
    }
    this.learn(kinds);
    for (const person of to) this.include(person);
    this.#open.set(sharing, { id: sharing, kinds: [kind], until });
    this.channel.share({ sharing, kinds: [kind], until });
    this.#changed();
    return sharing;
  }

  /** The patient agreed that this person sees it too. @param {Person} person */
  include({ seat, name }) {
    if (this.audience.has(seat)) return;
    this.audience.set(seat, name);
    this.channel.admit();
    this.#changed();
  }

  /** @param {Reading} reading @param {string} pairing @returns {Sent|null} null where nothing flows */
  send(reading, pairing) {
    const sharing = this.sharingOf(reading.kind)?.id;
    if (!sharing) return null;
    this.channel.tell({ sharing, pairing, reading });
    return this.#list(reading, pairing, sharing, null);
  }

  /** @param {string} kind @param {string} pairing @param {ArrayBufferView} frame @returns {boolean} whether it flows */
  sendWave(kind, pairing, frame) {
    const sharing = this.sharingOf(kind)?.id;
    if (sharing) this.channel.wave({ sharing, pairing, frame });
    return sharing !== undefined;
  }

  /** A curve stands in the list once, as long as it runs. @param {Reading} reading without its samples
   * @param {string} pairing @param {Curve} curve @returns {Curve|null} null where nothing flows */
  beginCurve(reading, pairing, curve) {
    const sharing = this.sharingOf(reading.kind)?.id;
    return sharing ? this.#list(reading, pairing, sharing, curve).curve : null;
  }

  /** @param {string} kind @param {string} pairing @param {State} state */
  sendState(kind, pairing, state) {
    const sharing = this.sharingOf(kind)?.id;
    if (sharing) this.channel.state({ sharing, pairing, kind, state });
  }

  /** Somebody's browser has it, or shows it to nobody. @param {string} reading @param {string} who
   * @param {string} [refused] */
  arrived(reading, who, refused = "") {
    const sent = this.sent.find((one) => one.reading.id === reading);
    if (sent && refused) sent.refused = refused;
    else if (sent && !sent.has.includes(who)) sent.has.push(who);
    this.#changed();
  }

  /** It will not reach them. @param {string} reading @param {string} who */
  missed(reading, who) {
    const sent = this.sent.find((one) => one.reading.id === reading);
    sent?.lost.push(who);
    this.#changed();
  }

  /** What became of the photo of its display. @param {string} reading @param {string} photo */
  pictured(reading, photo) {
    const sent = this.sent.find((one) => one.reading.id === reading);
    if (sent) sent.photo = photo;
    this.#changed();
  }

  /** What became of keeping it. @param {Sent} sent @param {{status: string, message?: string}} answer */
  kept(sent, { status, message = "" }) {
    Object.assign(sent, { kept: status, refused: message });
    const { sharing, pairing, reading } = sent;
    if (this.#open.has(sharing) && !sent.curve) this.channel.kept({ sharing, pairing, reading: reading.id, status });
    this.#changed();
  }

  /** Stops everything: here at once, then the others are told, then the server until it has heard. */
  stop() {
    const stopped = this.open;
    this.#stops += 1;
    const flowed = stopped.length > 0 || this.audience.size > 0;
    this.#open.clear(); // from here on nothing is sent
    for (const { id } of stopped) this.channel.stop(id);
    this.audience.clear();
    if (flowed) this.#changed(); // whoever hears it may stop again
    return Promise.all(stopped.map(({ id }) => this.#report(id)));
  }

  /** @param {Reading} reading @param {string} pairing @param {string} sharing @param {Curve|null} curve */
  #list(reading, pairing, sharing, curve) {
    const fate = { has: [], lost: [], kept: "", refused: "", photo: "" };
    const sent = { reading, pairing, sharing, to: [...this.audience.values()], ...fate, curve };
    this.sent.unshift(sent);
    this.#changed();
    return sent;
  }

  /** @param {string} sharing */
  async #report(sharing) {
    for (let next = FIRST_PAUSE; ; next = Math.min(next * 2, LONGEST_PAUSE)) {
      try {
        return await this.post(this.urls.stop.replace(NOBODY, sharing), {});
      } catch (error) {
        const status = Number(/** @type {{status?: number}} */ (error)?.status ?? 0);
        if (status >= 400 && status < 500) return null; // it has heard, and telling it again changes nothing
      }
      await this.wait(next);
    }
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

const NOBODY = "00000000-0000-0000-0000-000000000000"; // where the address of a stop names its sharing

/** @param {number} milliseconds @returns {Promise<void>} */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
