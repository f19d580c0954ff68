/**
 * What the server says, turned into where this side stands: connecting, in the lobby, in the room, reconnecting, over.
 *
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {{url: string, peer: string, certificate: RTCCertificate, wordForm: import('./types.js').WordForm,
 *   relayOnly: boolean}} Options
 */
import { Mesh } from "./mesh.js";
import { Relays } from "./sdp.js";
import { Signal } from "./signal.js";

const LOG_LENGTH = 500;

export class Session {
  /** @type {CallState['phase']} */ phase = "connecting";
  /** @type {number|null} */ seat = null;
  /** @type {string|null} */ role = null;
  /** @type {import('./types.js').Media} */ media = { mode: "video", microphone: false, camera: false, screen: false };
  /** @type {string[]} times and short codes of what happened; never addresses, keys or texts */ log = [];
  /** @type {Message|null} */ #arrival = null;

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
    this.mesh = new Mesh(this.#surroundings(options));
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
  #surroundings({ url, certificate, wordForm, relayOnly }) {
    return {
      certificate,
      wordForm,
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
    await reactions[message.type]?.(message);
    this.emit("state", {});
  }

  /** @param {Message} message */
  #welcome(message) {
    this.relays.take(message.ice);
    this.role = message.role;
    if (message.waiting) this.emit("lobby", { waiting: message.waiting });
    if (message.admitted) return this.#enter(message.seat, message.peers, true);
    this.mesh.prepare(message.ice.servers);
    this.move("lobby");
    if (this.#arrival) this.signal.send(this.#arrival);
  }

  /** @param {number} seat @param {(import('./types.js').Person & {present?: boolean})[]} peers @param {boolean} back */
  #enter(seat, peers, back) {
    this.seat = seat;
    this.mesh.prepare(this.relays.ice.servers);
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
