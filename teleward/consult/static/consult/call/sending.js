/** Files on their way out to one person: one at a time, each offered first, then in chunks that never flood the channel. */

import { cleanName, refusal, sniff } from "./filekinds.js";
import { hex } from "./words.js";

/** @typedef {import('./link.js').Pipe} Pipe */
/** @typedef {import('./files.js').About} About */
/** @typedef {{id: string, bytes: Uint8Array<ArrayBuffer>, offer: About}} Parcel */

export const CHUNK = 16 * 1024;
const FULL = 1024 * 1024;
const LOW = 256 * 1024;

export class Sending {
  /** @type {Parcel[]} */ #parcels = [];
  /** @type {Pipe|null} */ #pipe = null;
  /** @type {Parcel|null} */ #offered = null;
  /** @type {Set<string>} what is still looked at before it waits for its turn */ #made = new Set();

  /** @param {(type: string, detail: Record<string, unknown>) => boolean} emit */
  constructor(emit) {
    this.emit = emit;
  }

  /** A new connection: what was under way is offered again. @param {Pipe} pipe */
  attach(pipe) {
    this.#pipe = pipe;
    pipe.channel.bufferedAmountLowThreshold = LOW;
    this.#offered = null;
    void pipe.opened.then(() => this.#next());
  }

  /** @param {string} id @param {Blob} blob @param {About} about */
  async add(id, blob, { name, purpose }) {
    const large = refusal(blob, "text/plain", "file");
    if (large) return this.#refused(id, large, purpose);
    this.#made.add(id);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const type = sniff(bytes);
    const code = refusal(blob, type, purpose);
    if (code || !type) return this.#made.delete(id) && this.#refused(id, code ?? "file:type", purpose);
    const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    if (!this.#made.delete(id)) return; // it was withdrawn meanwhile
    const offer = { t: "offer", id, name: cleanName(name, type), type, size: bytes.length, hash, purpose };
    this.#parcels.push({ id, bytes, offer });
    this.#next();
  }

  /** @param {Record<string, any>} message 'accept', 'refuse' or 'done' from the other side */
  async heard({ t, id, code }) {
    const parcel = this.#offered;
    if (!parcel || parcel.id !== id) return;
    if (t === "accept") return this.#pour(parcel);
    this.#parcels.shift();
    this.#offered = null;
    const { purpose } = parcel.offer;
    if (t === "done") this.emit("file-delivered", { id, purpose });
    else this.#refused(id, /^file:[a-z-]{1,20}$/.test(code) ? code : "file:refused", purpose);
    this.#next();
  }

  /** What of it waits, or is on its way, goes no further. @param {string} id */
  withdraw(id) {
    this.#made.delete(id);
    this.#parcels = this.#parcels.filter((parcel) => parcel.id !== id);
    if (this.#offered?.id !== id) return;
    this.#offered = null;
    this.#next();
  }

  #next() {
    const [parcel] = this.#parcels;
    if (!parcel || this.#offered || !this.#pipe?.tell(parcel.offer)) return;
    this.#offered = parcel;
  }

  /** @param {Parcel} parcel */
  async #pour(parcel) {
    const pipe = this.#pipe;
    const { bytes, id, offer } = parcel;
    const { purpose } = offer;
    for (let at = 0; at < bytes.length; at += CHUNK) {
      if (pipe && pipe.channel.bufferedAmount > FULL) await drained(pipe);
      if (!pipe?.open || pipe !== this.#pipe || this.#offered !== parcel) return;
      pipe.channel.send(bytes.subarray(at, at + CHUNK));
      this.emit("file-progress", { id, purpose, share: Math.min(1, (at + CHUNK) / bytes.length) });
    }
  }

  /** @param {string} id @param {string} code @param {import('./files.js').Purpose} purpose */
  #refused(id, code, purpose) {
    this.emit("file-refused", { id, code, purpose });
  }
}

/** @param {Pipe} pipe @returns {Promise<void>} */
function drained({ channel }) {
  return new Promise((resolve) => {
    channel.addEventListener("bufferedamountlow", () => resolve(), { once: true });
    channel.addEventListener("close", () => resolve(), { once: true });
  });
}
