/**
 * All that goes on between two people whose connection stands; loaded after the first frame is on its way. What they
 * write to each other, and small requests, go over data channel 1. A message stays in hand until the other side has said
 * it has it, so nothing is lost when a connection is replaced; what arrives twice is shown once.
 *
 * @typedef {import('./link.js').Link} Link
 */
import { parse } from "./link.js";
import { Verification } from "./verification.js";

export const LONGEST = 4000;
const TUNED_AFTER = 2000;
const REMEMBERED = 1000; // ids of messages already shown
const AT_ONCE = 30; // messages taken in one go
const A_SECOND = 5; // and then so many a second; what is not taken is not acknowledged, and comes again
const MODES = new Set(["video", "low-video", "one-way", "photo-audio", "audio", "phone", "text"]);

/**
 * @param {Record<string, any>} message
 * @returns {{id: string, text: string, at: string}|null} null when it is not a chat message within the limits
 */
export function readChat({ id, text, at }) {
  const fits = [id, text, at].every((one) => typeof one === "string");
  if (!fits || !/^[0-9a-f-]{36}$/.test(id) || !text.length || [...text].length > LONGEST) return null;
  return { id, text, at: Number.isNaN(Date.parse(at)) ? new Date().toISOString() : at };
}

/** @param {Record<string, any>} message @returns {import('./types.js').Media|null} */
export function readMedia({ mode, microphone, camera, screen }) {
  if (!MODES.has(mode)) return null;
  return { mode, microphone: microphone === true, camera: camera === true, screen: screen === true };
}

export class Talk {
  /** @type {Link|null} */ #link = null;
  /** @type {Map<string, object>} */ #unheard = new Map();
  /** @type {Map<string, object>} small requests that found no open way */ #unsaid = new Map();
  /** @type {Set<string>} */ #seen = new Set();
  #patience = AT_ONCE;
  #since = performance.now();

  /**
   * @param {{peer: string, around: import('./types.js').Surroundings,
   *   media: (media: import('./types.js').Media) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {Link} link */
  attach(link) {
    this.#link = link;
    link.pipes.talk.attach((data) => link === this.#link && this.#take(parse(data) ?? {}));
    void link.pipes.talk.opened.then(() => this.#opened());
  }

  /** @param {string} id @param {string} text @param {string} at */
  say(id, text, at) {
    const message = { t: "chat", id, text, at };
    if (!readChat(message)) return this.#problem("talk:too-long");
    this.#unheard.set(id, message);
    this.#tell(message);
  }

  tellMedia() {
    this.#tell({ t: "media", ...this.parts.around.media });
  }

  askForPhoto() {
    this.#request("photo-ask");
  }

  declinePhoto() {
    this.#request("photo-no");
  }

  /** Said as soon as there is a way; asked twice meanwhile, it is said once. @param {string} t */
  #request(t) {
    if (!this.#tell({ t })) this.#unsaid.set(t, { t });
  }

  /** @param {Record<string, any>} message */
  #take(message) {
    const { emit } = this.parts.around;
    const { peer } = this.parts;
    if (message.t !== "ack" && this.#isTooMuch()) return;
    if (message.t === "chat") this.#heard(message);
    if (message.t === "ack") this.#acknowledged(String(message.id));
    if (message.t === "photo-ask") emit("photo-asked", { peer });
    if (message.t === "photo-no") emit("photo-declined", { peer });
    const media = message.t === "media" && readMedia(message);
    if (media) this.parts.media(media);
  }

  /** Whether the other side talks faster than anybody types. */
  #isTooMuch() {
    const now = performance.now();
    this.#patience = Math.min(AT_ONCE, this.#patience + ((now - this.#since) / 1000) * A_SECOND);
    this.#since = now;
    if (this.#patience < 1) return true;
    this.#patience -= 1;
    return false;
  }

  /** @param {Record<string, any>} message */
  #heard(message) {
    const chat = readChat(message);
    if (!chat) return this.#problem("talk:malformed");
    this.#tell({ t: "ack", id: chat.id });
    if (this.#seen.has(chat.id)) return;
    this.#seen.add(chat.id);
    if (this.#seen.size > REMEMBERED) this.#seen.delete([...this.#seen][0] ?? "");
    this.parts.around.emit("chat", { peer: this.parts.peer, ...chat });
  }

  /** @param {string} id */
  #acknowledged(id) {
    if (this.#unheard.delete(id)) this.parts.around.emit("chat-delivered", { peer: this.parts.peer, id });
  }

  #opened() {
    this.tellMedia();
    for (const message of this.#unheard.values()) this.#tell(message);
    for (const [t, message] of this.#unsaid) if (this.#tell(message)) this.#unsaid.delete(t);
  }

  /** @param {object} message @returns {boolean} whether it went out */
  #tell(message) {
    return this.#link?.pipes.talk.tell(message) ?? false;
  }

  /** @param {string} code */
  #problem(code) {
    this.parts.around.emit("problem", { code, fatal: false, peer: this.parts.peer });
  }
}

/** Words, chat, files, quality. */
export class Conversation {
  /** @type {Promise<import('./files.js').Files>|null} */ #files = null;
  /** @type {Link|null} */ #link = null;
  /** @type {import('./quality.js').Quality|null} */ quality = null;
  /** @type {import('./types.js').Pipes|null} */ pipes = null;
  #over = false;

  /** @param {import('./mesh.js').Peer} whom */
  constructor(whom) {
    const { around, leader, person } = whom.parts;
    const { peer } = person;
    this.parts = { peer, around };
    const looked = (/** @type {Link} */ link) => this.#offerPipes(link);
    this.verification = new Verification({ peer, around, initiator: leader, looked });
    this.clock = setTimeout(() => void this.#tune(() => whom.state === "connected"), TUNED_AFTER);
    this.talk = new Talk({
      peer,
      around,
      media: (media) => {
        whom.media = media;
        around.changed();
      },
    });
  }

  /** @param {Link} link */
  attach(link) {
    this.#link = link;
    this.pipes = null;
    this.verification.attach(link);
    this.talk.attach(link);
    this.quality?.attach();
    link.pipes.files.wake = () => void this.#loadFiles();
    if (this.#files || link.pipes.files.waiting) void this.#loadFiles().then((files) => files.attach(link));
  }

  recheck() {
    void this.verification.recheck();
  }

  /** @param {string} id @param {Blob} blob @param {import('./files.js').About} about */
  async sendFile(id, blob, about) {
    await (await this.#loadFiles()).send(id, blob, about);
  }

  /** @param {string} id */
  withdrawFile(id) {
    void this.#files?.then(({ sending }) => sending.withdraw(id));
  }

  /** @param {string} id @param {boolean} yes */
  async answerFile(id, yes) {
    (await this.#loadFiles()).answer(id, yes);
  }

  close() {
    this.#over = true;
    clearTimeout(this.clock);
    this.quality?.close();
  }

  /** Measurements are read by whoever asks for their pipes: once it is known with whom they are joined. @param {Link} link */
  #offerPipes({ pipes: { readings, waves } }) {
    const { peer, around } = this.parts;
    this.pipes = { readings, waves };
    readings.wake = () => around.emit("readings", { peer });
    waves.wake = () => undefined; // nothing is shown of a wave that was not announced
    around.emit("pipes", { peer, readings, waves });
    if (readings.waiting) readings.wake();
  }

  /** The picture is on its way; from now on it is fitted to the connection. @param {() => boolean} flows */
  async #tune(flows) {
    const { Quality } = await import("./quality.js");
    if (!this.#over) this.quality = new Quality({ ...this.parts, link: () => this.#link, flows });
  }

  #loadFiles() {
    this.#files ??= this.#filesLoaded().catch((missing) => {
      this.#files = null; // the server was away: asked for anew with the next file
      throw missing;
    });
    return this.#files;
  }

  async #filesLoaded() {
    const { Files } = await import("./files.js");
    const files = new Files(this.parts);
    if (this.#link) files.attach(this.#link);
    return files;
  }
}
