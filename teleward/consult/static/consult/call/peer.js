/**
 * One other person in the room, over as many peer connections as it takes: a reload of either side begins a new one,
 * an outage restarts the present one. The lower seat leads: it makes offers and restarts, the other side asks for them.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('./types.js').Surroundings} Surroundings
 * @typedef {import('./conversation.js').Conversation} Conversation
 */
import { randomHex } from "./bytes.js";
import { configuration, Link } from "./link.js";
import { Supervisor, sendKeyFrame } from "./supervisor.js";

const OFFER_COUNTS_FOR = 1500;
const GIVE_UP_AFTER = 10;

export class Peer {
  /** @type {Link|null} */ link = null;
  /** @type {import('./types.js').Path} */ path = null;
  /** @type {import('./types.js').Media|null} */ media = null;
  /** @type {Conversation|null} */ conversation = null;
  /** @type {Promise<Conversation>|null} */ #loading = null;
  /** @type {string|null} */ #theirs = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  #connected = false;
  #offeredAt = 0;
  #repairs = 0;
  leaving = false;

  /**
   * @param {{person: Person, leader: boolean, around: Surroundings, connection: () => RTCPeerConnection,
   *   relay: (body: object) => void, gone: () => void,
   *   tracks: Map<import('./types.js').Kind, MediaStreamTrack|null>}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.supervisor = new Supervisor({
      pc: () => this.link?.pc ?? null,
      pulse: () => this.#pulse(),
      verdict: (verdict, path) => this.#judge(verdict, path),
    });
  }

  /** @returns {import('./types.js').LinkState} */
  get state() {
    if (!this.#connected) return "new";
    return this.supervisor.stalled ? "stalled" : "connected";
  }

  /** The rest of what two people do in a call, loaded once their connection stands. @returns {Promise<Conversation>} */
  converse() {
    this.#loading ??= import("./conversation.js").then(({ Conversation: Whole }) => {
      this.conversation = new Whole(this);
      if (this.link) this.conversation.attach(this.link);
      return this.conversation;
    });
    return this.#loading;
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

  close() {
    this.supervisor.close();
    this.conversation?.close();
    this.link?.close();
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
      return this.#ask(true);
    });
  }

  async #beginAnew() {
    this.#repairs = 0;
    this.#offeredAt = Date.now();
    await this.#connect(randomHex(8)).offer(false);
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
      woken: () => void this.converse(),
      changed: () => this.#changed(),
      furnished: (kind, track) => this.#announce(kind, track),
    });
    this.conversation?.attach(this.link);
    return this.link;
  }

  /** @param {import('./types.js').Kind} kind @param {MediaStreamTrack} track */
  #announce(kind, track) {
    this.parts.around.emit("track", { peer: this.parts.person.peer, kind, stream: new MediaStream([track]) });
  }

  #changed() {
    const state = this.link?.pc.connectionState;
    this.parts.around.note("link", state);
    if (state === "connected") this.#stands();
    this.conversation?.recheck();
    this.parts.around.changed();
  }

  #stands() {
    this.#connected = true;
    void this.converse();
    for (const { sender } of this.link?.places ?? []) void sendKeyFrame(sender);
  }

  /** @param {import('./supervisor.js').Verdict} verdict @param {import('./types.js').Path} path */
  #judge(verdict, path) {
    if (path && path !== this.path) this.#found(path);
    if (!verdict) return;
    this.parts.around.note(verdict, this.parts.person.seat);
    if (verdict === "flowing") this.#flows();
    else if (this.leaving) this.parts.gone();
    else this.parts.around.doubt();
    if (verdict === "repair") this.repair();
    this.parts.around.changed();
  }

  #flows() {
    this.#repairs = 0;
    for (const { sender } of this.link?.places ?? []) void sendKeyFrame(sender);
  }

  /** @param {'direct'|'relayed'} path */
  #found(path) {
    this.path = path;
    this.parts.around.send({ type: "path", peer: this.parts.person.peer, path });
    this.parts.around.changed();
  }

  #pulse() {
    const pulse = this.link?.pipes.pulse;
    if (pulse?.open && pulse.channel.bufferedAmount === 0) pulse.channel.send(".");
  }

  /** @param {() => Promise<void>|undefined} work */
  #inTurn(work) {
    this.#queue = this.#queue.then(work).catch((error) => this.parts.around.note("link-failed", String(error)));
    return this.#queue;
  }
}
