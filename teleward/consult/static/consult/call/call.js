/**
 * A call as the page sees it: what the person does goes in as methods, what happens comes out as events, `state` tells
 * how things stand. No words for people and no page elements in here.
 *
 * @typedef {import('./types.js').Mode} Mode
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./talk.js').Conversation} Conversation
 * @typedef {{url: string, peer: string, certificate: RTCCertificate|Promise<RTCCertificate>, language: string,
 *   relayOnly: boolean}} Options
 */
import { Mesh } from "./mesh.js";
import { Relays, Signal } from "./signal.js";

export class Call extends EventTarget {
  #session;

  /**
   * @param {{url: string, peer: string, certificate: RTCCertificate|Promise<RTCCertificate>, language?: string,
   *   relayOnly?: boolean}} options `relayOnly` hides the network address from the other side
   */
  constructor({ url, peer, certificate, language = "en", relayOnly = false }) {
    super();
    this.#session = new Session({ url, peer, certificate, language, relayOnly }, (type, detail) =>
      this.dispatchEvent(new CustomEvent(type, { detail, cancelable: type === "file-offered" })),
    );
  }

  /** @returns {import('./types.js').CallState} */
  get state() {
    const { phase, seat, role, mesh } = this.#session;
    return { phase, seat, role, peers: new Map([...mesh.peers].map(([id, peer]) => [id, peer.view])) };
  }

  /** Times and short codes of what happened, to be read when something failed; nothing personal is in it. */
  get log() {
    return this.#session.log;
  }

  /** The servers that help to find a way, for a check before the call. @returns {Promise<RTCIceServer[]>} */
  async iceServers() {
    return (await this.#session.relays.fresh()).servers;
  }

  open() {
    this.#session.signal.open();
  }

  leave() {
    this.#session.mesh.close();
    this.#session.signal.send({ type: "leave" });
    this.#session.end();
  }

  /** Waits in the lobby from now on. @param {{mode: Mode, check?: object|null, company?: string[]}} how */
  arrive({ mode, check = null, company = [] }) {
    this.#session.media.mode = mode;
    this.#session.arrive({ type: "arrive", mode, company, ...(check && { check }) });
  }

  /** @param {string} peer */
  admit(peer) {
    this.#session.signal.send({ type: "admit", peer });
  }

  /** @param {string} peer */
  turnAway(peer) {
    this.#session.signal.send({ type: "turn-away", peer });
  }

  /** @param {import('./types.js').Kind} kind @param {MediaStreamTrack|null} track */
  async setTrack(kind, track) {
    const field = /** @type {const} */ ({ audio: "microphone", video: "camera", screen: "screen" })[kind];
    this.#session.media[field] = track !== null;
    await this.#session.mesh.setTrack(kind, track);
    this.#session.tellMedia();
  }

  /** @param {Mode} mode */
  setMode(mode) {
    this.#session.media.mode = mode;
    for (const { conversation } of this.#session.mesh.peers.values()) conversation?.quality?.choose(mode);
    this.#session.tellMedia();
  }

  /** Chat to everybody. @param {string} text at most 4000 characters @returns {Promise<string>} its id */
  async say(text) {
    const id = crypto.randomUUID();
    const at = new Date().toISOString();
    for (const one of await this.#everyone()) one.talk.say(id, text, at);
    return id;
  }

  /** To everybody, or to these. @param {Blob} blob @param {import('./files.js').About} about
   * @param {{id?: string, peers?: Iterable<string>}} [how] @returns {Promise<string>} its id */
  async send(blob, about, { id = crypto.randomUUID(), peers = this.state.peers.keys() } = {}) {
    for (const peer of peers) await (await this.#one(peer))?.sendFile(id, blob, about);
    return id;
  }

  /** What of it has not gone out does not go any more. @param {string} id */
  withdraw(id) {
    for (const { conversation } of this.#session.mesh.peers.values()) conversation?.withdrawFile(id);
  }

  /**
   * What carries measurements to one person, once the certificates of the connection that stands now were read. A 'pipes'
   * event tells of each that replaces it, a 'readings' event that something came which nobody reads yet.
   * @param {string} peer @returns {import('./types.js').Pipes|null}
   */
  pipes(peer) {
    return this.#session.mesh.peers.get(peer)?.conversation?.pipes ?? null;
  }

  /** Answers a 'file-offered' event whose default was prevented. @param {string} peer @param {string} id @param {boolean} yes */
  async answerFile(peer, id, yes) {
    await (await this.#one(peer))?.answerFile(id, yes);
  }

  /** @param {string} peer */
  async askForPhoto(peer) {
    (await this.#one(peer))?.talk.askForPhoto();
  }

  /** @param {string} peer @param {Blob|null} blob null declines */
  async answerPhoto(peer, blob) {
    const one = await this.#one(peer);
    if (!blob) one?.talk.declinePhoto();
    else await one?.sendFile(crypto.randomUUID(), blob, { name: "photo", purpose: "photo" });
  }

  /** The person compared the words. @param {string} peer @param {import('./types.js').Outcome} outcome
   * @param {import('./types.js').WordForm} [form] the one they compared */
  async tick(peer, outcome, form) {
    await (await this.#one(peer))?.verification.tick(outcome, form);
  }

  /** A second or third run, only ever because a person asked for it. @param {string} peer */
  async startWords(peer) {
    (await this.#one(peer))?.verification.ask();
  }

  /** @param {string} peer @returns {Promise<Conversation|undefined>} */
  async #one(peer) {
    return this.#session.mesh.peers.get(peer)?.converse();
  }

  /** @returns {Promise<Conversation[]>} */
  #everyone() {
    return Promise.all([...this.#session.mesh.peers.values()].map((peer) => peer.converse()));
  }
}

const LOG_LENGTH = 500;

/** What the server says, turned into where this side stands: connecting, in the lobby, in the room, reconnecting, over. */
export class Session {
  /** @type {CallState['phase']} */ phase = "connecting";
  /** @type {number|null} */ seat = null;
  /** @type {string|null} */ role = null;
  /** @type {import('./types.js').Media} */ media = { mode: "video", microphone: false, camera: false, screen: false };
  /** @type {string[]} times and short codes of what happened; never addresses, keys or texts */ log = [];
  /** @type {Message|null} */ #arrival = null;
  /** @type {Promise<void>} */ #certified;

  /** @param {Options} options @param {(type: string, detail: Record<string, unknown>) => boolean} emit */
  constructor(options, emit) {
    this.emit = emit;
    this.signal = new Signal({
      url: options.url,
      peer: options.peer,
      receive: (message) => this.#receive(message),
      lost: () => this.move("reconnecting"),
      refused: (code) => this.#refused(code),
      note: this.note,
    });
    this.relays = new Relays(this.signal);
    const around = this.#surroundings(options);
    this.mesh = new Mesh(around);
    this.#certified = Promise.resolve(options.certificate).then((own) => {
      around.certificate = own;
    });
  }

  /** @param {Message} arrival */
  arrive(arrival) {
    this.#arrival = arrival;
    this.signal.send(arrival);
  }

  /** Tells the server and, once connected, everybody directly what is switched on here. */
  tellMedia() {
    if (this.phase === "room") this.signal.send({ type: "media", ...this.media });
    for (const { conversation } of this.mesh.peers.values()) conversation?.talk.tellMedia();
  }

  /** @param {CallState['phase']} phase */
  move(phase) {
    if (this.phase === phase || this.phase === "over") return;
    this.phase = phase;
    this.note("phase", phase);
    this.emit("state", {});
  }

  end() {
    this.mesh.close();
    this.signal.close();
    this.move("over");
  }

  /** @param {string} what @param {unknown} [detail] */
  note = (what, detail) => {
    const at = (performance.now() / 1000).toFixed(2);
    this.log.push([at, what, JSON.stringify(detail) ?? ""].join(" "));
    if (this.log.length > LOG_LENGTH) this.log.shift();
  };

  /** @param {Options} options @returns {import('./types.js').Surroundings} */
  #surroundings({ url, language, relayOnly }) {
    return {
      certificate: /** @type {any} */ (null), // is there before the first message is looked at
      language,
      relayOnly,
      emit: this.emit,
      note: this.note,
      media: this.media,
      visit: new URL(url, globalThis.location?.href).pathname.split("/").filter(Boolean).pop() ?? "",
      instance: crypto.randomUUID(),
      send: (message) => this.signal.send(message),
      doubt: () => this.signal.doubt(),
      heard: () => this.signal.welcomed,
      achieved: (mode) => {
        this.media.mode = mode;
        this.tellMedia();
      },
      changed: () => this.emit("state", {}),
      freshIce: () => this.relays.fresh(),
    };
  }

  /** @param {Message} message */
  async #receive(message) {
    const reactions = /** @type {Record<string, (message: Message) => unknown>} */ ({
      welcome: () => this.#welcome(message),
      admitted: () => this.#enter(message.seat, message.peers, false),
      joined: () => this.mesh.meet(/** @type {any} */ (message), Number(this.seat), false),
      left: () => this.mesh.part(message.peer, message.why),
      relay: () => this.mesh.receive(message.from, message.body),
      media: () => this.mesh.heardMedia(message),
      ice: () => this.relays.take(/** @type {any} */ (message)),
      waiting: () => this.move("lobby"),
      "turned-away": () => this.emit("problem", { code: "turned-away", fatal: false }),
      lobby: () => this.emit("lobby", { waiting: message.waiting }),
      notice: () => this.emit("notice", { kind: message.kind }),
      error: ({ code, fatal }) => this.emit("problem", { code, fatal }),
      ended: () => this.#ended(),
    });
    if (message.type !== "welcome") await this.#certified;
    await reactions[message.type]?.(message);
    this.emit("state", {});
  }

  /** Whoever waits is announced at once; what needs the certificate comes after it. @param {Message} message */
  async #welcome(message) {
    this.relays.take(message.ice);
    this.role = message.role;
    if (!message.admitted && this.#arrival) this.signal.send(this.#arrival);
    await this.#certified;
    if (message.waiting) this.emit("lobby", { waiting: message.waiting });
    if (message.admitted) return this.#enter(message.seat, message.peers, true);
    this.mesh.prepare(message.ice.servers);
    this.move("lobby");
  }

  /** @param {number} seat @param {(import('./types.js').Person & {present?: boolean})[]} peers @param {boolean} back */
  #enter(seat, peers, back) {
    this.seat = seat;
    this.mesh.prepare(this.relays.ice.servers, seat === 1 && peers.length === 0);
    this.mesh.socketBack(new Set(peers.map(({ peer }) => peer)));
    for (const person of peers) if (person.present !== false) this.mesh.meet(person, seat, back);
    this.move("room");
    this.tellMedia();
  }

  /** @param {number} code of the closed socket */
  #refused(code) {
    if (code === 4410) return this.#ended();
    const reason = { 4401: "live:not-signed-in", 4403: "live:not-allowed", 4409: "live:opened-elsewhere" }[code];
    this.end();
    this.emit("problem", { code: reason ?? "live:closed", fatal: true });
  }

  #ended() {
    if (this.phase === "over") return;
    this.end();
    this.emit("ended", {});
  }
}
