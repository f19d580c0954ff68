/**
 * One other person in the room, over as many peer connections as it takes: a reload of either side begins a new one,
 * an outage restarts the present one. The lower seat leads: it makes offers and restarts, the other side asks for them.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('./types.js').Surroundings} Surroundings
 * @typedef {import('./conversation.js').Conversation} Conversation
 */
import { Negotiation } from "./negotiation.js";
import { Supervisor, sendKeyFrame } from "./supervisor.js";

const WHOLE_PICTURES = 4;

export class Peer {
  /** @type {import('./types.js').Path} */ path = null;
  /** @type {import('./types.js').Media|null} */ media = null;
  /** @type {Conversation|null} */ conversation = null;
  /** @type {Promise<Conversation>|null} */ #loading = null;
  #connected = false;
  #wholePictures = 0;
  leaving = false;

  /**
   * @param {{person: Person, leader: boolean, around: Surroundings, connection: () => RTCPeerConnection,
   *   relay: (body: object) => void, gone: () => void,
   *   tracks: Map<import('./types.js').Kind, MediaStreamTrack|null>}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.negotiation = new Negotiation({
      ...parts,
      linked: (link) => this.conversation?.attach(link),
      woken: () => void this.converse(),
      changed: () => this.#changed(),
      furnished: (kind, track) => this.#announce(kind, track),
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

  close() {
    this.supervisor.close();
    this.conversation?.close();
    this.link?.close();
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
    this.#sendWholePicture();
  }

  /** @param {import('./supervisor.js').Verdict} verdict @param {import('./types.js').Path} path */
  #judge(verdict, path) {
    if (path && path !== this.path) this.#found(path);
    if (this.#wholePictures > 0) this.#sendWholePicture();
    if (!verdict) return;
    this.parts.around.note(verdict, this.parts.person.seat);
    if (verdict === "flowing") this.#flows();
    else if (this.leaving) this.parts.gone();
    else this.parts.around.doubt();
    if (verdict === "repair") this.negotiation.repair();
    this.parts.around.changed();
  }

  /** More than once: the first ones after an outage may still be lost. */
  #sendWholePicture() {
    this.#wholePictures -= 1;
    for (const { sender } of this.link?.places ?? []) void sendKeyFrame(sender);
  }

  #flows() {
    this.negotiation.flows();
    this.#wholePictures = WHOLE_PICTURES;
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
