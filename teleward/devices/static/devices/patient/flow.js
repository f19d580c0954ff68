/**
 * What flows from this device to the others: begun by the patient's consent, stopped here first and told to the server
 * after, seen whole by the patient. No page elements, no network of its own.
 *
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('./types.js').Reading} Reading
 * @typedef {import('./types.js').Sharing} Sharing
 * @typedef {import('./types.js').State} State
 * @typedef {{reading: Reading, pairing: string, sharing: string, to: string[]}} Sent
 * @typedef {(peer: string, message: Record<string, unknown>) => boolean} Tell whether it went out
 * @typedef {(address: string, body: object) => Promise<any>} Post rejects with {status} where it did not work
 */

const FIRST_PAUSE = 1000; // milliseconds before a stop that the server did not hear is told again
const LONGEST_PAUSE = 30_000;
const REFUSED = 400; // from here to 499 the server has heard, and telling it again changes nothing

export class Flow extends EventTarget {
  /** @type {Map<string, Sharing>} */ #open = new Map();
  /** @type {Sent[]} what went out, the newest first */ sent = [];

  /**
   * @param {{visit: string, urls: {share: string, stop: string}, tell: Tell, wave: (peer: string, frame: ArrayBuffer) => void,
   *   post: Post, wait?: (milliseconds: number) => Promise<void>}} parts
   */
  constructor({ visit, urls, tell, wave, post, wait = pause }) {
    super();
    this.visit = visit;
    this.urls = urls;
    this.tell = tell;
    this.wave = wave;
    this.post = post;
    this.wait = wait;
  }

  /** What flows now. @returns {Sharing[]} */
  get open() {
    return [...this.#open.values()];
  }

  /** Everybody to whom something flows. */
  get audience() {
    return new Map(this.open.flatMap(({ to }) => [...to]));
  }

  /** @param {string} kind */
  sharingOf(kind) {
    return this.open.find(({ kinds }) => kinds.includes(kind)) ?? null;
  }

  /** The patient agreed. Nothing flows before the server has written it down. @param {string[]} kinds
   * @param {'stop'|'end'} until @param {Person[]} to */
  async begin(kinds, until, to) {
    const { sharing } = await this.post(this.urls.share, { kinds, until });
    const begun = { id: sharing, kinds, until, to: new Map(to.map(({ peer, name }) => [peer, name])) };
    this.#open.set(sharing, begun);
    for (const peer of begun.to.keys()) this.#announce(begun, peer);
    this.#changed();
    return begun;
  }

  /** The patient agreed that this person sees it too. @param {Person} person */
  include({ peer, name }) {
    for (const sharing of this.open) {
      sharing.to.set(peer, name);
      this.#announce(sharing, peer);
    }
    this.#changed();
  }

  /** A connection was replaced: whoever may see it is told again what it is. @param {string} peer */
  again(peer) {
    for (const sharing of this.open) if (sharing.to.has(peer)) this.#announce(sharing, peer);
  }

  /** @param {Reading} reading @param {string} pairing @returns {Sent|null} null where nothing flows */
  send(reading, pairing) {
    const sharing = this.sharingOf(reading.kind);
    if (!sharing) return null;
    const message = { t: "reading", visit: this.visit, sharing: sharing.id, pairing, reading };
    const reached = [...sharing.to].filter(([peer]) => this.tell(peer, message));
    const sent = { reading, pairing, sharing: sharing.id, to: reached.map(([, name]) => name) };
    this.sent.unshift(sent);
    this.#changed();
    return sent;
  }

  /** @param {string} kind @param {ArrayBuffer} frame */
  sendWave(kind, frame) {
    for (const peer of this.sharingOf(kind)?.to.keys() ?? []) this.wave(peer, frame);
  }

  /** @param {string} kind @param {string} pairing @param {State} state */
  sendState(kind, pairing, state) {
    const sharing = this.sharingOf(kind);
    const message = { t: "state", visit: this.visit, sharing: sharing?.id, pairing, kind, state };
    for (const peer of sharing?.to.keys() ?? []) this.tell(peer, message);
  }

  /** A photo of the display is on its way by the call. @param {Sent} sent */
  sendPhotoNote({ sharing, pairing, reading }) {
    const message = { t: "typed-photo", visit: this.visit, sharing, pairing, reading: reading.id };
    for (const peer of this.#open.get(sharing)?.to.keys() ?? []) this.tell(peer, message);
  }

  /** Stops everything: here at once, then the others are told, then the server until it has heard. */
  stop() {
    const stopped = this.open;
    this.#open.clear();
    for (const { id, to } of stopped)
      for (const peer of to.keys()) this.tell(peer, { t: "stop", visit: this.visit, sharing: id });
    this.#changed();
    return Promise.all(stopped.map(({ id }) => this.#report(id)));
  }

  /** @param {Sharing} sharing @param {string} peer */
  #announce({ id, kinds, until }, peer) {
    this.tell(peer, { t: "sharing", visit: this.visit, sharing: id, kinds, until });
  }

  /** @param {string} sharing */
  async #report(sharing) {
    for (let next = FIRST_PAUSE; ; next = Math.min(next * 2, LONGEST_PAUSE)) {
      try {
        return await this.post(this.urls.stop.replace("{sharing}", sharing), {});
      } catch (error) {
        const { status = 0 } = /** @type {{status?: number}} */ (error);
        if (Math.floor(status / 100) * 100 === REFUSED) return null;
      }
      await this.wait(next);
    }
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {number} milliseconds @returns {Promise<void>} */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
