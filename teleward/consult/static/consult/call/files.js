/**
 * Files and photos between two people, over data channel 2. Loaded when the first one is sent or arrives.
 *
 * @typedef {'file'|'photo'|'reading'} Purpose `reading` is a photo of the reading that has the same id
 * @typedef {{name: string, purpose: Purpose}} About
 */
import { parse } from "./link.js";
import { Receiving } from "./receiving.js";
import { Sending } from "./sending.js";

export class Files {
  /** @type {Promise<unknown>} */ #queue = Promise.resolve();

  /** @param {{peer: string, around: import('./types.js').Surroundings}} parts */
  constructor({ peer, around }) {
    const emit = (/** @type {string} */ type, /** @type {object} */ detail) => around.emit(type, { peer, ...detail });
    this.sending = new Sending(emit);
    this.receiving = new Receiving(emit);
  }

  /** @param {import('./link.js').Link} link */
  attach(link) {
    const pipe = link.pipes.files;
    this.sending.attach(pipe);
    this.receiving.attach(pipe);
    pipe.attach((data) => {
      if (typeof data !== "string") this.#queue = this.#queue.then(() => this.receiving.take(data));
      else this.#heard(parse(data) ?? {});
    });
  }

  /** @param {string} id @param {Blob} blob @param {About} about */
  send(id, blob, about) {
    return this.sending.add(id, blob, about);
  }

  /** @param {string} id @param {boolean} yes */
  answer(id, yes) {
    this.receiving.answer(id, yes);
  }

  /** @param {Record<string, any>} message */
  #heard(message) {
    if (message.t === "offer") this.#queue = this.#queue.then(() => this.receiving.offered(message));
    else if (["accept", "refuse", "done"].includes(message.t)) void this.sending.heard(message);
  }
}
