// My own microphone, camera and screen: what is open, what is shown to the others, and how I look. Nothing is opened
// before the person presses a button.

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
  /** @type {{track: Track, stop: () => void}|null} */ #painted = null;
  /** @type {Set<string>} devices the browser is asked for now */ #asked = new Set();
  #stops = 0;
  #painting = 0;

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
    return this.microphone ? levelOf(this.microphone) : 0;
  }

  /** Everything off, also what is only about to open. */
  stop() {
    this.#stops += 1;
    this.screen?.stop();
    this.screen = null;
    this.#dropPicture();
    this.#dropMicrophone();
    this.changed();
  }

  /** A second press while the browser asks opens no second one; what is given after a stop is let go at once.
   * @param {"microphone"|"camera"|"screen"} device @param {() => Promise<{track?: MediaStreamTrack, problem?: string}>} open */
  async take(device, open) {
    if (this.#asked.has(device)) return;
    this.#asked.add(device);
    const stops = this.#stops;
    const { track, problem } = await open().finally(() => this.#asked.delete(device));
    if (stops !== this.#stops) return track?.stop();
    Object.assign(this, { [device]: track ?? null, problem: problem ?? "" });
    if (device !== "screen") track?.addEventListener("ended", () => track === this[device] && this.#lost(device));
  }

  #openMicrophone() {
    return this.take("microphone", () => openMicrophone(this.#chosen.audioinput));
  }

  /** @param {boolean} shown */
  async #openPicture(shown) {
    if (this.camera) return; // it is on its way
    if (this.effect !== "avatar") await this.take("camera", () => openCamera(this.#chosen.videoinput));
    if (!this.camera && this.effect !== "avatar") return;
    await this.#paint();
    this.shown = shown && this.picture !== null;
  }

  /** What was dropped, or asked for otherwise, while this one was made is never shown. */
  async #paint() {
    this.#painting += 1;
    const [turn, { effect }] = [this.#painting, this];
    this.#painted?.stop();
    this.#painted = null;
    if (effect === "avatar") this.#dropCamera();
    const painted = effect === "none" ? null : await painter(effect, this.camera, () => this.level());
    if (turn !== this.#painting) return painted?.stop();
    this.#painted = painted;
    this.picture = painted ? painted.track : this.camera;
    if (!this.picture) this.#dropPicture(); // without what paints it nothing is sent
  }

  #dropPicture() {
    this.#painting += 1;
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
    levelOf(null);
    this.microphone?.stop();
    this.microphone = null;
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

/** @param {string} effect @param {Track} camera @param {() => number} level */
async function painter(effect, camera, level) {
  const nothing = { track: null, stop: () => undefined }; // where it could not be loaded
  const kit = await import("../kit/effects/paint.js").catch(() => null);
  return (await kit?.paint(effect, camera, level).catch(() => null)) ?? nothing;
}

// Cameras and microphones.

/** @typedef {{track: MediaStreamTrack, problem?: undefined}|{track?: undefined, problem: string}} Opened */

const PROBLEMS = /** @type {Record<string, string>} */ ({
  NotAllowedError: "denied",
  PermissionDeniedError: "denied",
  SecurityError: "forbidden",
  TypeError: "forbidden",
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  NotReadableError: "busy",
  TrackStartError: "busy",
  OverconstrainedError: "unsuitable",
  InvalidStateError: "aborted",
  AbortError: "aborted",
});

const PICTURE = { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** The word key of what went wrong when a device could not be opened.
 * @param {"camera"|"microphone"|"screen"} device @param {unknown} error */
export function problemOf(device, error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return `${device}-${PROBLEMS[name] ?? "aborted"}`;
}

/** Opens a camera, the chosen one or else the one that faces the person.
 * @param {string} [id] @returns {Promise<Opened>} */
export function openCamera(id) {
  const video = id ? { ...PICTURE, deviceId: { exact: id } } : { ...PICTURE, facingMode: "user" };
  return open("camera", { video }, { video: PICTURE });
}

/** Opens a microphone. @param {string} [id] @returns {Promise<Opened>} */
export function openMicrophone(id) {
  const audio = id ? { ...SOUND, deviceId: { exact: id } } : SOUND;
  return open("microphone", { audio }, { audio: true });
}

/** @param {"camera"|"microphone"} device @param {MediaStreamConstraints} wanted
 * @param {MediaStreamConstraints} plain what to ask for when the wanted device is gone @returns {Promise<Opened>} */
async function open(device, wanted, plain) {
  if (!navigator.mediaDevices?.getUserMedia) return { problem: `${device}-forbidden` };
  try {
    return first(await navigator.mediaDevices.getUserMedia(wanted), device);
  } catch (error) {
    const name = error instanceof DOMException ? error.name : /** @type {{name?: string}} */ (error)?.name;
    if (name === "OverconstrainedError" && wanted !== plain) return open(device, plain, plain);
    return { problem: problemOf(device, error) };
  }
}

/** @param {MediaStream} stream @param {string} device @returns {Opened} */
function first(stream, device) {
  const track = stream.getTracks()[0];
  return track ? { track } : { problem: `${device}-missing` };
}

/** Shows me to myself: mirrored as in a mirror, veiled until I have decided to be seen.
 * @param {HTMLVideoElement} video @param {MediaStreamTrack|null} track
 * @param {{mirrored: boolean, veiled: boolean}} how */
export function preview(video, track, { mirrored, veiled }) {
  video.hidden = track === null;
  video.classList.toggle("tw-mirror", mirrored);
  video.classList.toggle("tw-veiled", veiled);
  const present = /** @type {MediaStream|null} */ (video.srcObject)?.getTracks()[0] ?? null;
  if (present === track) return;
  video.srcObject = track && new MediaStream([track]);
  if (track) video.play().catch(() => undefined);
}

// How loud a microphone is, from 0 (silence) to 1 (very loud). The sound goes nowhere.

/** From the root mean square of samples to a scale that moves as ears hear. @param {number} rms */
export const loudness = (rms) => (rms <= 0.001 ? 0 : Math.min(1, (20 * Math.log10(rms) + 60) / 50));

/** @param {Float32Array} samples */
export function rootMeanSquare(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / (samples.length || 1));
}

export class Meter {
  #context = new AudioContext();
  #samples = new Float32Array(1024);
  #analyser;

  /** @param {MediaStreamTrack} track */
  constructor(track) {
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
    this.#context.resume().catch(() => undefined);
  }

  level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(rootMeanSquare(this.#samples));
  }

  /** Resolves true as soon as somebody is heard for a moment, false when the time is over.
   * @param {number} milliseconds @param {(level: number) => void} shown @returns {Promise<boolean>} */
  hears(milliseconds, shown) {
    return new Promise((resolve) => {
      let loudMoments = 0;
      let left = Math.ceil(milliseconds / 80);
      const timer = setInterval(() => {
        const level = this.level();
        shown(level);
        loudMoments += level > 0.25 ? 1 : 0;
        left -= 1;
        if (loudMoments < 4 && left > 0) return;
        clearInterval(timer);
        resolve(loudMoments >= 4);
      }, 80);
    });
  }

  stop() {
    this.#context.close().catch(() => undefined);
  }
}

/** @type {{track: MediaStreamTrack, meter: Meter}|null} */
let followed = null;

/** How loud this track is now; with nobody to follow, the listening ends. @param {MediaStreamTrack|null} track */
export function levelOf(track) {
  if (followed?.track !== track) {
    followed?.meter.stop();
    followed = track && { track, meter: new Meter(track) };
  }
  return followed?.meter.level() ?? 0;
}
