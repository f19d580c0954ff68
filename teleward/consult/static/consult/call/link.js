/**
 * One RTCPeerConnection to one other person. The leader makes every offer, so offers never collide; microphone, camera
 * and screen have their place from the first offer on, so turning one on later is only `replaceTrack`.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 */
import { Pipe } from "./pipe.js";
import { KINDS, prefer, withoutStrays } from "./sdp.js";

const GATHER_FOR = 8;

export class Link {
  /** @type {RTCRtpTransceiver[]} */ #places = [];
  /** @type {RTCIceCandidateInit[]} */ #early = [];
  /** @type {RTCIceCandidateInit[]} */ #found = [];
  #offer = 0;

  /**
   * @param {{pc: RTCPeerConnection, leader: boolean, epoch: string, send: (body: object) => void,
   *   woken: () => void, changed: () => void,
   *   locked: () => void, furnished: (kind: Kind, track: MediaStreamTrack) => void,
   *   tracks: Map<Kind, MediaStreamTrack|null>}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.pc = parts.pc;
    this.epoch = parts.epoch;
    this.pipes = {
      words: this.#pipe("words", 0),
      talk: this.#pipe("talk", 1),
      files: this.#pipe("files", 2),
      pulse: this.#pipe("pulse", 3, { ordered: false, maxRetransmits: 0 }),
    };
    this.pc.addEventListener("icecandidate", ({ candidate }) => candidate && this.#gathered(candidate));
    this.pc.addEventListener("icecandidateerror", ({ errorCode }) => errorCode === 401 && parts.locked());
    this.pc.addEventListener("connectionstatechange", parts.changed);
    this.pc.addEventListener("signalingstatechange", parts.changed);
    if (parts.leader) this.#furnish();
  }

  /** @returns {{kind: Kind, sender: RTCRtpSender, receiver: RTCRtpReceiver}[]} */
  get places() {
    return this.#places.map(({ sender, receiver }, at) => ({
      kind: /** @type {Kind} */ (KINDS[at]),
      sender,
      receiver,
    }));
  }

  /** @param {Kind} kind @param {MediaStreamTrack|null} track */
  async setTrack(kind, track) {
    await this.#places[KINDS.indexOf(kind)]?.sender.replaceTrack(track);
  }

  /** Leader: a first offer, or an ICE restart, also while an earlier offer is still unanswered. @param {boolean} restart */
  async offer(restart) {
    const number = ++this.#offer;
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: restart }));
    this.#describe("offer", number);
  }

  /** Leader. @param {Body} body */
  async takeAnswer(body) {
    if (body.offer !== this.#offer || this.pc.signalingState !== "have-local-offer") return;
    await this.pc.setRemoteDescription({ type: "answer", sdp: body.sdp });
    await this.#admitEarly();
  }

  /** Follower. @param {Body} body */
  async takeOffer(body) {
    await this.pc.setRemoteDescription({ type: "offer", sdp: body.sdp });
    if (!this.#places.length) await this.#moveIn();
    await this.pc.setLocalDescription();
    this.#describe("answer", body.offer);
    await this.#admitEarly();
  }

  /** @param {RTCIceCandidateInit[]} candidates */
  async takeCandidates(candidates) {
    this.#early.push(...candidates);
    if (this.pc.remoteDescription && this.pc.signalingState === "stable") await this.#admitEarly();
  }

  close() {
    this.pc.close();
  }

  async #admitEarly() {
    for (const candidate of this.#early.splice(0)) {
      await this.pc.addIceCandidate(candidate).catch(() => {}); // of a generation that a restart has replaced
    }
  }

  #furnish() {
    const stream = new MediaStream();
    this.#places = KINDS.map((kind) =>
      this.pc.addTransceiver(kind === "audio" ? "audio" : "video", {
        direction: "sendrecv",
        streams: kind === "screen" ? [] : [stream],
      }),
    );
    for (const place of this.#places) prefer(place);
    for (const [kind, track] of this.parts.tracks) void this.setTrack(kind, track);
    this.#show();
  }

  async #moveIn() {
    const stream = new MediaStream();
    this.#places = this.pc.getTransceivers().slice(0, KINDS.length);
    for (const place of this.#places) place.direction = "sendrecv";
    for (const { kind, sender } of this.places) {
      if (kind !== "screen") sender.setStreams?.(stream);
      await sender.replaceTrack(this.parts.tracks.get(kind) ?? null);
    }
    this.#show();
  }

  #show() {
    for (const { kind, receiver } of this.places) this.parts.furnished(kind, receiver.track);
  }

  /** @param {string} name @param {number} id @param {RTCDataChannelInit} [options] */
  #pipe(name, id, options) {
    const channel = this.pc.createDataChannel(name, { negotiated: true, id, ...options });
    return new Pipe(channel, this.parts.woken);
  }

  /** @param {RTCIceCandidate} candidate */
  #gathered(candidate) {
    if (this.#found.push(candidate.toJSON()) > 1) return;
    setTimeout(() => this.#send({ kind: "candidate", candidates: this.#found.splice(0) }), GATHER_FOR);
  }

  /** @param {'offer'|'answer'} kind @param {number|undefined} offer */
  #describe(kind, offer) {
    this.#send({ kind, offer, sdp: withoutStrays(this.pc.localDescription?.sdp ?? "") });
  }

  /** @param {object} body */
  #send(body) {
    this.parts.send({ epoch: this.epoch, ...body });
  }
}
