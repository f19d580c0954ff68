/**
 * One RTCPeerConnection to one other person: what it is made with, what it carries, what it says. The leader makes every
 * offer, so offers never collide; microphone, camera and screen have their place from the first offer on, so turning one
 * on later is only `replaceTrack`.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 */

/** @type {import('./types.js').Kind[]} what every connection carries, in this order */
export const KINDS = ["audio", "video", "screen"];
const CODECS = /^(audio\/(opus|telephone-event)|video\/(VP8|H264|rtx))$/i;

/**
 * @param {RTCIceServer[]} servers @param {RTCCertificate} certificate @param {boolean} relayOnly
 * @returns {RTCConfiguration}
 */
export function configuration(servers, certificate, relayOnly) {
  return {
    iceServers: servers,
    certificates: [certificate],
    bundlePolicy: "max-bundle",
    iceCandidatePoolSize: 1,
    iceTransportPolicy: relayOnly ? "relay" : "all",
  };
}

/** Few codecs keep the offer small and its negotiation quick. @param {RTCRtpTransceiver} place */
export function prefer(place) {
  const kind = /** @type {'audio'|'video'} */ (place.receiver.track.kind);
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs.filter(({ mimeType }) => CODECS.test(mimeType));
  if (codecs?.length) place.setCodecPreferences?.(codecs);
}

/** Gives a leader's connection a place for each kind; done early, a browser has its codecs ready. @param {RTCPeerConnection} pc */
export function furnish(pc) {
  const stream = new MediaStream();
  for (const kind of pc.getTransceivers().length ? [] : KINDS) {
    const streams = kind === "screen" ? [] : [stream];
    prefer(pc.addTransceiver(kind === "audio" ? "audio" : "video", { direction: "sendrecv", streams }));
  }
  return pc.getTransceivers();
}

/**
 * Firefox leaves feedback lines of codecs it no longer offers, which Chromium refuses to read.
 * @param {string} sdp @returns {string} without them
 */
export function withoutStrays(sdp) {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) => {
      const offered = new Set(section.split("\r\n", 1)[0]?.split(" ").slice(3));
      return section.replace(/^a=rtcp-fb:(\d+) .*\r\n/gm, (line, type) => (offered.has(type) ? line : ""));
    })
    .join("");
}

const GATHER_FOR = 8;
const HELD = 1000; // messages for a reader who is still being loaded

export class Link {
  /** @type {RTCRtpTransceiver[]} */ #places = [];
  /** @type {RTCIceCandidateInit[]} */ #early = [];
  /** @type {RTCIceCandidateInit[]} */ #found = [];
  #offer = 0;
  /** whether bytes ever came over it */ stood = false;

  /**
   * @param {{pc: RTCPeerConnection, leader: boolean, epoch: string, send: (body: object) => void,
   *   woken: () => void, changed: () => void,
   *   furnished: (kind: Kind, track: MediaStreamTrack) => void,
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
      readings: this.#pipe("readings", 4),
      waves: this.#pipe("waves", 5, { ordered: false }),
    };
    this.pc.addEventListener("icecandidate", ({ candidate }) => candidate && this.#gathered(candidate));
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

  /** Leader. @param {Body} body @returns {Promise<boolean>} whether it answers the last offer */
  async takeAnswer(body) {
    if (body.offer !== this.#offer || this.pc.signalingState !== "have-local-offer") return false;
    await this.pc.setRemoteDescription({ type: "answer", sdp: body.sdp });
    await this.#admitEarly();
    return true;
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
    this.#places = furnish(this.pc);
    for (const [kind, track] of this.parts.tracks) void this.setTrack(kind, track);
    this.#show();
  }

  async #moveIn() {
    const stream = new MediaStream();
    this.#places = this.pc.getTransceivers().slice(0, KINDS.length);
    for (const place of this.#places) place.direction = "sendrecv";
    for (const { kind, sender } of this.places) {
      if (kind !== "screen") sender.setStreams?.(stream);
      const track = this.parts.tracks.get(kind);
      if (track) await sender.replaceTrack(track);
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

/** A data channel that holds what arrives until somebody reads, so that the reader may be loaded late. */
export class Pipe {
  /** @type {(string|ArrayBuffer)[]} */ #held = [];
  /** @type {((data: string|ArrayBuffer) => void)|null} */ #read = null;

  /** @param {RTCDataChannel} channel @param {() => void} wake called when something arrives and nobody reads yet */
  constructor(channel, wake) {
    this.channel = channel;
    this.wake = wake;
    channel.binaryType = "arraybuffer";
    /** @type {Promise<void>} */
    this.opened = new Promise((resolve) => {
      channel.addEventListener("open", () => resolve(), { once: true });
    });
    channel.addEventListener("message", ({ data }) => {
      if (this.#read) this.#read(data);
      else if (this.#held.length < HELD && this.#held.push(data) === 1) this.wake();
    });
  }

  get open() {
    return this.channel.readyState === "open";
  }

  get waiting() {
    return this.#held.length > 0;
  }

  /** @param {(data: string|ArrayBuffer) => void} read */
  attach(read) {
    this.#read = read;
    for (const data of this.#held.splice(0)) read(data);
  }

  /** @param {object} message @returns {boolean} whether it went out */
  tell(message) {
    if (!this.open) return false;
    this.channel.send(JSON.stringify(message));
    return true;
  }
}

/** @param {string|ArrayBuffer} data @returns {Record<string, any>|null} the JSON object in it, null for anything else */
export function parse(data) {
  if (typeof data !== "string" || data.length > 65_536) return null;
  try {
    const value = JSON.parse(data);
    return value && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

// The certificate of this device and the devices it has verified. Nothing here names a person: the store holds the
// browser's own certificate, and hashes of verified certificates with a date.
const YEAR = 365 * 86_400_000;
const RENEW_BEFORE = 14 * 86_400_000;
const ANSWERS_WITHIN = 5000; // a store that says nothing for so long gives nothing: somebody waits for it
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", expires: YEAR };

/** @returns {Promise<RTCCertificate>} the stored one; a new one for this visit only where storage refuses */
export async function loadCertificate() {
  const stored = /** @type {RTCCertificate|undefined} */ (await recall("own", "certificate"));
  if (stored && stored.expires > Date.now() + RENEW_BEFORE) return stored;
  const fresh = await RTCPeerConnection.generateCertificate(ALGORITHM);
  void keep("own", "certificate", fresh);
  return fresh;
}

/** @returns {Promise<IDBDatabase>} */
function store() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("teleward-call", 1);
    asked.onupgradeneeded = () => ["own", "verified"].map((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    setTimeout(reject, ANSWERS_WITHIN);
  });
}

/**
 * @param {string} shelf @param {IDBTransactionMode} mode @param {(shelf: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<unknown>} undefined where the browser gives no storage (private windows)
 */
async function transact(shelf, mode, work) {
  try {
    const database = await store();
    const under = database.transaction(shelf, mode);
    const asked = work(under.objectStore(shelf));
    return await new Promise((resolve, reject) => {
      under.oncomplete = () => resolve(asked.result); // not before: whoever closes the page now would lose it
      under.onabort = () => reject(under.error);
      setTimeout(reject, ANSWERS_WITHIN);
    }).finally(() => database.close());
  } catch {
    return undefined;
  }
}

/** @param {string} shelf @param {string} key */
export function recall(shelf, key) {
  return transact(shelf, "readonly", (open) => open.get(key));
}

/** @param {string} shelf @param {string} key @param {unknown} value undefined removes it */
export function keep(shelf, key, value) {
  return transact(shelf, "readwrite", (open) => (value === undefined ? open.delete(key) : open.put(value, key)));
}
