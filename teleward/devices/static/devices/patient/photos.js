/**
 * A photo of the display beside what was typed from it. It is redrawn, so that nothing but the picture is in it; it goes
 * over the call's own way for files to whoever has acknowledged the reading, and to nobody else. Nothing of it is kept.
 *
 * @typedef {import('./drawer.js').Drawer} Drawer
 * @typedef {import('./flow.js').Flow} Flow
 * @typedef {import('./types.js').Sent} Sent
 * @typedef {EventTarget & {send: (blob: Blob, about: {name: string, purpose: 'reading'},
 *   how: {id: string, peers: string[]}) => Promise<string>, withdraw: (id: string) => void}} Call
 * @typedef {{flow: Flow, channel: EventTarget, call: Call, redraw?: (file: Blob) => Promise<Blob>}} Ways
 */
import { land } from "./drawer.js";

const LONGEST = 1600; // pixels of its longer side: digits stay readable
const QUALITY = 0.85;

export class Photos {
  /** @type {Blob|null} */ #chosen = null;
  /** @type {Promise<void>} the last choice, looked at */ settled = Promise.resolve();
  #turn = 0;
  /** @type {Map<string, Blob>} by reading */ #going = new Map();

  /** @param {Drawer} drawer @param {Ways} ways */
  constructor(drawer, { flow, channel, call, redraw = redrawn }) {
    this.drawer = drawer;
    this.flow = flow;
    this.call = call;
    this.redraw = redraw;
    this.input = /** @type {HTMLInputElement} */ (drawer.piece("photo-file"));
    this.input.addEventListener("change", () => this.choose(this.input.files?.[0]));
    drawer.on("photo-away", () => this.choose(undefined));
    flow.addEventListener("change", () => flow.open.length || this.#forget());
    listen(channel, "delivered", (detail) => this.#deliver(detail));
    listen(call, "file-delivered", ({ id }) => this.#fate(id, "arrived"));
    listen(call, "file-refused", ({ id }) => this.#fate(id, "refused"));
  }

  /** The one that is chosen. */
  get chosen() {
    return this.#chosen;
  }

  /** What a reading says of it. */
  get flags() {
    return this.#chosen ? ["photo-of-display"] : [];
  }

  /** The photo that was chosen when it was sent belongs to this reading. @param {Sent} sent @param {Blob|null} [photo] */
  goesWith(sent, photo = this.#chosen) {
    if (!photo) return;
    this.#going.set(sent.reading.id, photo);
    this.#fate(sent.reading.id, "going");
    if (photo === this.#chosen) this.choose(undefined);
  }

  /** The last choice counts, however long an earlier one takes. @param {File|undefined} file */
  choose(file) {
    this.#turn += 1;
    this.#chosen = null;
    this.settled = this.#choose(file, this.#turn);
    return this.settled;
  }

  /** @param {File|undefined} file @param {number} turn */
  async #choose(file, turn) {
    const { drawer } = this;
    const redrawn = file ? await this.redraw(file).catch(() => null) : null;
    if (turn !== this.#turn) return;
    this.#chosen = redrawn;
    this.input.value = "";
    drawer.write("photo-said", file ? drawer.word(this.#chosen ? "photo-ready" : "photo-broken") : "");
    const picture = /** @type {HTMLImageElement} */ (drawer.piece("photo-picture"));
    URL.revokeObjectURL(picture.src);
    picture.src = this.#chosen ? URL.createObjectURL(this.#chosen) : "";
    picture.hidden = !this.#chosen;
    const [away] = drawer.buttons("photo-away");
    const isLeft = document.activeElement === away;
    if (away) away.hidden = !this.#chosen;
    if (isLeft && !this.#chosen) land(this.input);
  }

  /** Who has the reading gets its photo, as long as it is shown.
   * @param {{t: string, peer: string, sharing: string, reading: string}} told */
  async #deliver({ t, peer, sharing, reading }) {
    const photo = this.#going.get(reading);
    if (t !== "reading" || !photo || !this.flow.open.some(({ id }) => id === sharing)) return;
    await this.call.send(photo, { name: "display.jpg", purpose: "reading" }, { id: reading, peers: [peer] });
  }

  /** What did not go out before the patient stopped does not go any more. */
  #forget() {
    const readings = [...this.#going.keys()];
    const left = this.flow.sent.filter(({ reading, photo }) => photo === "going" && readings.includes(reading.id));
    this.#going.clear();
    for (const id of readings) this.call.withdraw(id);
    for (const { reading } of left) this.flow.pictured(reading.id, "refused");
  }

  /** @param {string} reading @param {string} fate */
  #fate(reading, fate) {
    if (this.#going.has(reading)) this.flow.pictured(reading, fate);
  }
}

/** @param {Blob} file @returns {Promise<Blob>} only its picture, upright */
async function redrawn(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("empty"))), "image/jpeg", QUALITY);
  });
}

/** @param {EventTarget} target @param {string} type @param {(detail: any) => unknown} act */
function listen(target, type, act) {
  target.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail));
}
