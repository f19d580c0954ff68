/**
 * Everybody in the room: up to three others, each over a connection of their own.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('./types.js').Surroundings} Surroundings
 * @typedef {import('./talk.js').Conversation} Conversation
 */
import { configuration, furnish } from "./link.js";
import { Negotiation, Supervisor, sendKeyFrame } from "./supervisor.js";

const OTHERS = 3;
const AT_LEISURE = 500;

export class Mesh {
  /** @type {Map<string, Peer>} */ peers = new Map();
  /** @type {Map<Kind, MediaStreamTrack|null>} */ tracks = new Map();
  /** @type {RTCPeerConnection|null} */ #spare = null;
  /** @type {RTCIceServer[]} */ #servers = [];
  #lastId = 0;

  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
  }

  /**
   * Gathers addresses, codecs and modules before anybody is there, so that joining need not wait for them.
   * @param {RTCIceServer[]} servers @param {boolean} [leads] whether whoever comes will wait for my offer
   */
  prepare(servers, leads = false) {
    this.#servers = servers;
    this.#spare ??= this.peers.size ? null : this.#made();
    if (leads && this.#spare) furnish(this.#spare);
    if (leads) void this.#spare?.createOffer().catch(() => {});
    setTimeout(() => import("./talk.js").catch(() => {}), AT_LEISURE); // needs no way to the server once it stands
  }

  /**
   * @param {Person & {media?: import('./types.js').Media|null}} person @param {number} seat mine
   * @param {boolean} ask whether I came back and have to ask the leader for an offer
   */
  meet(person, seat, ask) {
    const known = this.peers.get(person.peer);
    const leads = seat < person.seat;
    if (known) known.leaving = false;
    if (known?.parts.leader === leads) return;
    if (known) this.drop(person.peer);
    if (this.peers.size >= OTHERS) return;
    const peer = this.#peer(person, leads);
    peer.media = person.media ?? null;
    this.peers.set(person.peer, peer);
    if (leads || ask) peer.negotiation.repair(true);
  }

  /**
   * The server says this person went. If they were only lost to it, media that still flow are believed instead.
   * @param {string} id @param {string} [why] left, lost, removed or replaced
   */
  part(id, why = "lost") {
    const peer = this.peers.get(id);
    if (!peer) return;
    peer.leaving = true;
    if (why !== "lost" || peer.state !== "connected") this.drop(id);
  }

  /** @param {string} id */
  drop(id) {
    this.peers.get(id)?.close();
    this.peers.delete(id);
    this.around.changed();
  }

  /** The socket is back: who is gone and silent is dropped, what does not flow is repaired. @param {Set<string>} seated */
  socketBack(seated) {
    for (const [id, peer] of this.peers) {
      if (!seated.has(id)) this.part(id);
      else if (!peer.flows) peer.negotiation.repair(true);
    }
  }

  /** @param {string} from @param {Body} body */
  receive(from, body) {
    if (body.kind === "bye") this.drop(from);
    else this.peers.get(from)?.negotiation.receive(body);
  }

  /** @param {import('./types.js').Message} message */
  heardMedia({ from, mode, microphone, camera, screen }) {
    const peer = this.peers.get(from);
    if (peer) peer.media = { mode, microphone, camera, screen };
  }

  /** What takes the place of a connection that closes now takes it along. @param {Kind} kind @param {MediaStreamTrack|null} track */
  async setTrack(kind, track) {
    this.tracks.set(kind, track);
    await Promise.all([...this.peers.values()].map(({ link }) => link?.setTrack(kind, track).catch(() => {})));
  }

  close() {
    for (const [id, peer] of this.peers) {
      this.#relay(id, { kind: "bye" });
      peer.close();
    }
    this.#spare?.close();
    this.peers.clear();
  }

  /** @param {Person} person @param {boolean} leader */
  #peer(person, leader) {
    return new Peer({
      person,
      leader,
      around: this.around,
      tracks: this.tracks,
      connection: () => this.#connection(),
      relay: (body) => this.#relay(person.peer, body),
      gone: () => this.drop(person.peer),
    });
  }

  async #connection() {
    const spare = this.#spare;
    this.#spare = null;
    if (spare) return spare;
    this.#servers = (await this.around.freshIce()).servers;
    return this.#made();
  }

  /** It may look for the relay long before it is used, so it is listened to from the beginning. */
  #made() {
    const { certificate, relayOnly, emit } = this.around;
    const made = new RTCPeerConnection(configuration(this.#servers, certificate, relayOnly));
    made.addEventListener("icecandidateerror", ({ errorCode }) => {
      if (errorCode === 401) emit("problem", { code: "relay:refused", fatal: false });
    });
    return made;
  }

  /** @param {string} to @param {object} body */
  #relay(to, body) {
    this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000); // rises also over a reload
    this.around.send({ type: "relay", to, id: this.#lastId, body: { instance: this.around.instance, ...body } });
  }
}

const NOTHING = { words: null, since: null, theirs: null, because: null, evidence: null };
/** @type {import('./types.js').VerificationView} */
const UNVERIFIED = { state: "none", run: 0, form: "digits", ...NOTHING };
const WHOLE_PICTURES = 4;

/** One other person in the room, over as many peer connections as it takes. */
export class Peer {
  /** @type {import('./types.js').Path} */ path = null;
  /** @type {import('./types.js').Media|null} */ media = null;
  /** @type {Conversation|null} */ conversation = null;
  /** @type {Promise<Conversation>|null} */ #loading = null;
  #connected = false;
  #wholePictures = 0;
  #flowed = false;
  #over = false;
  leaving = false;

  /**
   * @param {{person: Person, leader: boolean, around: Surroundings, connection: () => Promise<RTCPeerConnection>,
   *   relay: (body: object) => void, gone: () => void,
   *   tracks: Map<import('./types.js').Kind, MediaStreamTrack|null>}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.negotiation = new Negotiation({
      ...parts,
      linked: (link) => this.conversation?.attach(link),
      woken: () => this.#converseSoon(),
      changed: () => this.#changed(),
      furnished: (kind, track) =>
        void parts.around.emit("track", { peer: parts.person.peer, kind, stream: new MediaStream([track]) }),
      connection: () => this.#connection(),
    });
    this.supervisor = new Supervisor({
      pc: () => this.link?.pc ?? null,
      pulse: () => this.#pulse(),
      verdict: (verdict, path) => this.#judge(verdict, path),
    });
  }

  get link() {
    return this.negotiation.link;
  }

  get flows() {
    return Boolean(this.link?.stood && !this.supervisor.stalled);
  }

  /** What was found of one connection is not said of the next before that stands. @returns {import('./types.js').LinkState} */
  get state() {
    if (!this.#connected) return "new";
    const stands = this.link?.stood || this.link?.pc.connectionState === "connected";
    return this.supervisor.stalled || !stands ? "stalled" : "connected";
  }

  /** @returns {import('./types.js').PeerView} */
  get view() {
    const { seat, role, name } = this.parts.person;
    const { state: link, path, media, conversation } = this;
    return { seat, role, name, link, path, media, verification: conversation?.verification.view ?? UNVERIFIED };
  }

  /**
   * The rest of what two people do in a call, loaded once their connection stands; asked for anew when the server was
   * away. @returns {Promise<Conversation>}
   */
  converse() {
    this.#loading ??= this.#loaded().catch((missing) => {
      this.#loading = null;
      throw missing;
    });
    return this.#loading;
  }

  async #loaded() {
    const { Conversation: Whole } = await import("./talk.js");
    if (this.#over) throw new Error("they went");
    this.conversation = new Whole(this);
    if (this.link) this.conversation.attach(this.link);
    return this.conversation;
  }

  #converseSoon() {
    this.converse().catch(() => this.parts.around.note("talk-missing"));
  }

  close() {
    this.#over = true;
    this.supervisor.close();
    this.conversation?.close();
    this.link?.close();
  }

  /** Who went while it was made gets none. */
  async #connection() {
    const made = await this.parts.connection();
    if (this.#over) made.close();
    return made;
  }

  #changed() {
    const state = this.link?.pc.connectionState;
    this.parts.around.note("link", state);
    if (state === "connected") this.#stands();
    this.conversation?.recheck();
    this.parts.around.changed();
  }

  #stands() {
    if (this.#flowed) this.#sendWholePicture();
    this.#connected = true;
    this.#converseSoon();
  }

  /** @param {import('./supervisor.js').Verdict} verdict @param {import('./types.js').Path} path */
  #judge(verdict, path) {
    if (path && path !== this.path) this.#found(path);
    if (this.#connected && !this.#loading) this.#converseSoon();
    this.conversation?.verification.lookAgain();
    if (this.#wholePictures > 0) this.#sendWholePicture();
    if (!verdict) return;
    this.parts.around.note(verdict, this.parts.person.seat);
    if (verdict === "flowing") this.#flows();
    else if (this.leaving) this.parts.gone();
    else this.parts.around.doubt();
    if (verdict === "repair") this.negotiation.repair();
    this.parts.around.changed();
  }

  /** More than once: the first ones after an outage may still be lost. What begins begins with a whole one. */
  #sendWholePicture() {
    this.#wholePictures -= 1;
    for (const { sender } of this.link?.places ?? []) void sendKeyFrame(sender);
  }

  #flows() {
    this.negotiation.flows();
    this.#wholePictures = this.#flowed ? WHOLE_PICTURES : 0;
    this.#flowed = true;
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
}
