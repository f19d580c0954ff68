/**
 * Who offers and who answers. The lower seat leads: it makes every offer and every restart; the other side asks for one.
 * A reload of either side begins a new connection, an outage restarts the present one.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 */
import { Link } from "./link.js";
import { configuration } from "./sdp.js";

const OFFER_COUNTS_FOR = 1500;
const ASK_ANEW_EVERY = 3000;
const GIVE_UP_AFTER = 10;

export class Negotiation {
  /** @type {Link|null} */ link = null;
  /** @type {string|null} */ #theirs = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  #offeredAt = 0;
  #askedAnewAt = 0;
  #repairs = 0;

  /**
   * @param {{leader: boolean, around: import('./types.js').Surroundings, connection: () => RTCPeerConnection,
   *   relay: (body: object) => void, tracks: Map<Kind, MediaStreamTrack|null>, linked: (link: Link) => void,
   *   woken: () => void, changed: () => void, furnished: (kind: Kind, track: MediaStreamTrack) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** Bytes arrive: what was tried so far counts no longer. */
  flows() {
    this.#repairs = 0;
  }

  begin() {
    this.#inTurn(() => (this.parts.leader ? this.#beginAnew() : this.#ask(false)));
  }

  /** @param {Body} body */
  receive(body) {
    return this.#inTurn(() => (this.parts.leader ? this.#lead(body) : this.#follow(body)));
  }

  repair() {
    this.#inTurn(() => (this.parts.leader ? this.#restart() : this.#ask(false)));
  }

  /** @param {Body} body */
  async #lead(body) {
    const reborn = this.#theirs !== null && body.instance !== this.#theirs;
    this.#theirs = body.instance;
    if (reborn || body.fresh) return this.#beginAnew();
    if (body.kind === "need-restart") return this.#recentlyOffered() ? undefined : this.#restart();
    if (!this.link || body.epoch !== this.link.epoch) return;
    if (body.kind === "answer") await this.link.takeAnswer(body);
    if (body.kind === "candidate") await this.link.takeCandidates(body.candidates ?? []);
  }

  /** @param {Body} body */
  async #follow(body) {
    if (body.kind === "offer") return this.#answer(body);
    if (body.kind === "candidate" && body.epoch === this.link?.epoch) {
      await this.link?.takeCandidates(body.candidates ?? []);
    }
  }

  /** @param {Body} body */
  async #answer(body) {
    const link = this.link && this.link.epoch === body.epoch ? this.link : this.#connect(String(body.epoch));
    await link.takeOffer(body).catch((error) => {
      this.parts.around.note("offer-refused", String(error));
      return this.#askAnew();
    });
  }

  async #beginAnew() {
    this.#repairs = 0;
    this.#offeredAt = Date.now();
    await this.#connect(crypto.randomUUID()).offer(false);
  }

  async #restart() {
    if (!this.link || this.#hopeless()) return this.#beginAnew();
    this.#offeredAt = Date.now();
    const { servers } = await this.parts.around.freshIce();
    const { certificate, relayOnly } = this.parts.around;
    this.link.pc.setConfiguration(configuration(servers, certificate, relayOnly));
    await this.link.offer(true);
  }

  /** @param {boolean} fresh whether the present connection cannot be repaired */
  async #ask(fresh) {
    this.parts.relay({ kind: "need-restart", epoch: this.link?.epoch ?? null, fresh });
  }

  /** A description that could not be read may be read next time, but not a hundred times a second. */
  async #askAnew() {
    if (Date.now() - this.#askedAnewAt < ASK_ANEW_EVERY) return;
    this.#askedAnewAt = Date.now();
    await this.#ask(true);
  }

  #recentlyOffered() {
    return Date.now() - this.#offeredAt < OFFER_COUNTS_FOR;
  }

  #hopeless() {
    const dtls = this.link?.pc.sctp?.transport.state;
    if (this.link?.pc.signalingState === "closed" || dtls === "failed" || dtls === "closed") return true;
    return this.parts.around.heard() && ++this.#repairs > GIVE_UP_AFTER;
  }

  /** @param {string} epoch */
  #connect(epoch) {
    this.link?.close();
    this.link = new Link({
      pc: this.parts.connection(),
      leader: this.parts.leader,
      epoch,
      tracks: this.parts.tracks,
      send: this.parts.relay,
      woken: this.parts.woken,
      changed: this.parts.changed,
      locked: () => this.parts.around.emit("problem", { code: "relay:refused", fatal: false }),
      furnished: this.parts.furnished,
    });
    this.parts.linked(this.link);
    return this.link;
  }

  /** @param {() => Promise<void>|undefined} work */
  #inTurn(work) {
    this.#queue = this.#queue.then(work).catch((error) => this.parts.around.note("link-failed", String(error)));
    return this.#queue;
  }
}
