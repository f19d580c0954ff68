/** Files on their way in from one person: nothing is taken that was not offered, and nothing shown that is not what it claimed. */

import { cleanName, refusal, sniff } from "./filekinds.js";
import { hex } from "./words.js";

/** @typedef {import('./link.js').Pipe} Pipe */
/** @typedef {{id: string, name: string, type: string, size: number, hash: string, purpose: import('./files.js').Purpose}} Offer */

const PICTURES = new Set(["photo", "reading"]);

/** @param {Record<string, any>} message @returns {Offer|null} */
export function readOffer({ id, name, type, size, hash, purpose }) {
  const shaped =
    /^[0-9a-f-]{36}$/.test(id) && /^[0-9a-f]{64}$/.test(hash) && typeof name === "string" && Number.isInteger(size);
  if (!shaped || size < 0 || typeof type !== "string") return null;
  return { id, name: name.slice(0, 255), type, size, hash, purpose: PICTURES.has(purpose) ? purpose : "file" };
}

const REMEMBERED = 200;

/** @param {Map<string, string>} shelf @param {Offer} offer */
function remember(shelf, { id, hash }) {
  shelf.set(id, hash);
  if (shelf.size > REMEMBERED) shelf.delete([...shelf.keys()][0] ?? "");
}

export class Receiving {
  /** @type {Pipe|null} */ #pipe = null;
  /** @type {Offer|null} */ #offer = null;
  /** @type {Uint8Array<ArrayBuffer>[]} */ #chunks = [];
  #received = 0;
  #accepted = false;
  /** @type {Map<string, string>} hashes by id of what arrived whole: offered again, only the answer was lost */ #had =
    new Map();
  /** @type {Map<string, string>} hashes by id of what the person wanted: offered again, they are not asked again */ #wanted =
    new Map();

  /** @param {(type: string, detail: Record<string, unknown>) => boolean} emit */
  constructor(emit) {
    this.emit = emit;
  }

  /** @param {Pipe} pipe */
  attach(pipe) {
    this.#pipe = pipe;
    this.#forget();
  }

  /** @param {Record<string, any>} message */
  offered(message) {
    const offer = readOffer(message);
    if (!offer) return this.#pipe?.tell({ t: "refuse", id: message.id, code: "file:malformed" });
    this.#forget();
    this.#offer = offer;
    const code = refusal(offer, offer.type, offer.purpose);
    if (code) return this.#refuse(code);
    if (this.#had.get(offer.id) === offer.hash) return this.#done(offer.id);
    if (this.#wanted.get(offer.id) === offer.hash) return this.answer(offer.id, true);
    const name = cleanName(offer.name, offer.type);
    const { id, type, size, purpose } = offer;
    const goesOn = this.emit("file-offered", { id, name, type, size, purpose });
    if (goesOn) this.answer(offer.id, purpose !== "reading"); // who shows no readings wants no picture of one
  }

  /** @param {string} id @param {boolean} yes */
  answer(id, yes) {
    if (this.#offer?.id !== id || this.#accepted) return;
    if (!yes) return this.#refuse("file:refused");
    this.#accepted = true;
    remember(this.#wanted, this.#offer);
    this.#pipe?.tell({ t: "accept", id });
  }

  /** @param {ArrayBuffer} chunk */
  async take(chunk) {
    const offer = this.#offer;
    if (!offer || !this.#accepted) return;
    this.#chunks.push(new Uint8Array(chunk));
    this.#received += chunk.byteLength;
    if (this.#received > offer.size) return this.#refuse("file:too-large");
    this.emit("file-progress", { id: offer.id, purpose: offer.purpose, share: this.#received / offer.size });
    if (this.#received === offer.size) await this.#finish(offer);
  }

  /** @param {Offer} offer */
  async #finish(offer) {
    const blob = new Blob(this.#chunks, { type: offer.type });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    if (this.#offer !== offer) return;
    if (hash !== offer.hash) return this.#refuse("file:hash");
    if (sniff(bytes) !== offer.type) return this.#refuse("file:type");
    remember(this.#had, offer);
    this.#done(offer.id);
    const { id, type, size } = offer;
    if (offer.purpose === "photo") this.emit("photo", { id, blob });
    else if (offer.purpose === "reading") this.emit("reading-photo", { id, blob });
    else this.emit("file", { id, name: cleanName(offer.name, type), type, size, blob });
  }

  /** @param {string} id */
  #done(id) {
    this.#pipe?.tell({ t: "done", id });
    this.#forget();
  }

  /** @param {string} code */
  #refuse(code) {
    const { id = "", purpose } = this.#offer ?? {};
    this.#wanted.delete(id);
    this.#pipe?.tell({ t: "refuse", id, code });
    this.#forget();
    this.emit("file-refused", { id, code, purpose });
  }

  #forget() {
    this.#offer = null;
    this.#chunks = [];
    this.#received = 0;
    this.#accepted = false;
  }
}
