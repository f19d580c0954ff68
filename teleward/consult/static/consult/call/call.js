/**
 * A call as the page sees it: what the person does goes in as methods, what happens comes out as events, `state` tells
 * how things stand. No words for people and no page elements in here.
 *
 * @typedef {import('./types.js').Mode} Mode
 * @typedef {import('./conversation.js').Conversation} Conversation
 */
import { Session } from "./session.js";

const UNVERIFIED = /** @type {import('./types.js').VerificationView} */ ({
  state: "none",
  words: null,
  run: 0,
  since: null,
  theirs: null,
  because: null,
  evidence: null,
});

export class Call extends EventTarget {
  #session;

  /**
   * @param {{url: string, peer: string, certificate: RTCCertificate, wordForm?: import('./types.js').WordForm,
   *   relayOnly?: boolean}} options `relayOnly` hides the network address from the other side
   */
  constructor({ url, peer, certificate, wordForm = "words", relayOnly = false }) {
    super();
    this.#session = new Session({ url, peer, certificate, wordForm, relayOnly }, (type, detail) =>
      this.dispatchEvent(new CustomEvent(type, { detail, cancelable: type === "file-offered" })),
    );
  }

  /** @returns {import('./types.js').CallState} */
  get state() {
    const { phase, seat, role, mesh } = this.#session;
    return { phase, seat, role, peers: new Map([...mesh.peers].map(([id, peer]) => [id, viewOf(peer)])) };
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
    for (const { conversation } of this.#session.mesh.peers.values()) conversation?.quality.choose(mode);
    this.#session.tellMedia();
  }

  /** Chat to everybody. @param {string} text at most 4000 characters @returns {Promise<string>} its id */
  async say(text) {
    const id = crypto.randomUUID();
    const at = new Date().toISOString();
    for (const one of await this.#everyone()) one.talk.say(id, text, at);
    return id;
  }

  /** To everybody. @param {Blob} blob @param {{name: string, purpose: 'file'|'photo'}} about @returns {Promise<string>} its id */
  async send(blob, about) {
    const id = crypto.randomUUID();
    for (const one of await this.#everyone()) await one.sendFile(id, blob, about);
    return id;
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

  /** The person compared the words. @param {string} peer @param {import('./types.js').Outcome} outcome */
  async tick(peer, outcome) {
    await (await this.#one(peer))?.verification.tick(outcome);
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

/** @param {import('./peer.js').Peer} peer @returns {import('./types.js').PeerView} */
function viewOf({ parts, state, path, media, conversation }) {
  const { seat, role, name } = parts.person;
  return { seat, role, name, link: state, path, media, verification: conversation?.verification.view ?? UNVERIFIED };
}
