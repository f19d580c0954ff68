// My own microphone, camera and screen: what is open, what is shown to the others, and how I look.

import { openCamera, openMicrophone } from "../kit/devices.js";

/** @typedef {MediaStreamTrack|null} Track */

export class Own extends EventTarget {
  /** @type {Track} */ microphone = null;
  /** @type {Track} */ camera = null;
  /** @type {Track} the picture as others would see it */ picture = null;
  /** @type {Track} */ screen = null;
  effect = "none";
  problem = "";
  shown = false;
  /** @type {Record<string, string>} */ #chosen = {};
  /** @type {{track: MediaStreamTrack, stop: () => void}|null} */ #painted = null;
  /** @type {((track: MediaStreamTrack|null) => number)|null} */ #levelOf = null;

  /** @param {boolean} veil whether my picture stays veiled until I press "Show me" */
  constructor(veil) {
    super();
    this.veil = veil;
  }

  /** What leaves this device as video: nothing before it was shown. */
  get sent() {
    return this.shown ? this.picture : null;
  }

  async toggleMicrophone() {
    if (this.microphone) this.#dropMicrophone();
    else await this.#openMicrophone();
    this.changed();
  }

  async toggleCamera() {
    if (this.picture) this.#dropPicture();
    else await this.#openPicture(!this.veil);
    this.changed();
  }

  unveil() {
    this.shown = this.picture !== null;
    this.changed();
  }

  /** Changes how I look. It never turns the camera on: from the drawn face back to the camera takes a press.
   * @param {string} effect */
  async wear(effect) {
    if (this.effect === "avatar" && effect !== "avatar") this.#dropPicture();
    this.effect = effect;
    if (this.picture) await this.#paint();
    this.changed();
  }

  /** Uses another device, reopened only when it is on. @param {string} kind @param {string} id */
  async choose(kind, id) {
    this.#chosen[kind] = id;
    if (kind === "audioinput" && this.microphone) {
      this.#dropMicrophone();
      await this.#openMicrophone();
    }
    if (kind === "videoinput" && this.camera) {
      const { shown } = this;
      this.#dropPicture();
      await this.#openPicture(shown);
    }
    this.changed();
  }

  /** How loud my microphone is, 0 to 1. */
  level() {
    if (!this.microphone) return 0;
    if (!this.#levelOf) this.#listen();
    return this.#levelOf?.(this.microphone) ?? 0;
  }

  /** Everything off. */
  stop() {
    this.screen?.stop();
    this.screen = null;
    this.#dropPicture();
    this.#dropMicrophone();
    this.changed();
  }

  async #openMicrophone() {
    const { track, problem } = await openMicrophone(this.#chosen.audioinput);
    Object.assign(this, { microphone: track ?? null, problem: problem ?? "" });
    this.microphone?.addEventListener("ended", () => this.#lost("microphone"));
  }

  /** @param {boolean} shown */
  async #openPicture(shown) {
    if (this.effect !== "avatar") {
      const { track, problem } = await openCamera(this.#chosen.videoinput);
      Object.assign(this, { camera: track ?? null, problem: problem ?? "" });
      this.camera?.addEventListener("ended", () => this.#lost("camera"));
      if (!this.camera) return;
    }
    await this.#paint();
    this.shown = shown;
  }

  async #paint() {
    this.#painted?.stop();
    this.#painted = null;
    if (this.effect === "avatar") this.#dropCamera();
    if (this.effect !== "none") {
      const { paint } = await import("../kit/effects/paint.js");
      this.#painted = await paint(this.effect, this.camera, () => this.level());
    }
    this.picture = this.#painted?.track ?? this.camera;
  }

  #dropPicture() {
    this.#painted?.stop();
    this.#dropCamera();
    this.#painted = this.picture = null;
    this.shown = false;
  }

  #dropCamera() {
    this.camera?.stop();
    this.camera = null;
  }

  #dropMicrophone() {
    this.#levelOf?.(null);
    this.microphone?.stop();
    this.microphone = null;
  }

  async #listen() {
    this.#levelOf = (await import("../kit/meter.js")).levelOf;
  }

  /** A device was unplugged or taken away. @param {"camera"|"microphone"} device */
  #lost(device) {
    this.problem = `${device}-gone`;
    if (device === "camera") this.#dropPicture();
    if (device === "microphone") this.#dropMicrophone();
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
