// Paints a camera picture anew before it leaves the device. No model, no download: plain drawing.

/** @typedef {{context: CanvasRenderingContext2D, small: CanvasRenderingContext2D,
 *   middle: CanvasRenderingContext2D, width: number, height: number,
 *   source: HTMLVideoElement|null, level: number}} Scene */
/** @typedef {(scene: Scene) => void} Draw */

/** @type {Record<string, () => Promise<{draw: Draw}>>} */
const LOOKS = {
  pixelate: () => import("./pixelate.js"),
  blur: () => import("./blur.js"),
  oval: () => import("./oval.js"),
  avatar: () => import("./avatar.js"),
};
const FRAMES = 24;

/** A track that shows `track` through the effect; the drawn face needs no camera at all.
 * @param {string} effect @param {MediaStreamTrack|null} track @param {() => number} level */
export async function paint(effect, track, level) {
  const look = LOOKS[effect];
  if (!look) throw new Error(`no effect ${effect}`);
  const { draw } = await look();
  const source = track ? await playing(track) : null;
  const width = 640;
  const height = source ? Math.round((width * source.videoHeight) / source.videoWidth) : 480;
  const surfaces = { context: surface(width, height), small: surface(64, 48), middle: surface(160, 120) };
  const scene = { ...surfaces, width, height, source, level: 0 };
  const stopClock = everyFrame(() => draw(Object.assign(scene, { level: level() })));
  const painted = /** @type {MediaStreamTrack} */ (scene.context.canvas.captureStream(FRAMES).getVideoTracks()[0]);
  return { track: painted, stop: () => end(stopClock, painted, source) };
}

/** @param {() => void} stopClock @param {MediaStreamTrack} painted @param {HTMLVideoElement|null} source */
function end(stopClock, painted, source) {
  stopClock();
  painted.stop();
  if (source) source.srcObject = null;
}

/** @param {number} width @param {number} height */
function surface(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
}

/** @param {MediaStreamTrack} track */
async function playing(track) {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  await video.play();
  return video;
}

/** Calls `draw` about 24 times a second. Timers of a hidden tab are slowed to one a second; the audio clock is
 * not, so a silent source that ends every 42 ms keeps the time there.
 * @param {() => void} draw */
export function everyFrame(draw) {
  let running = true;
  const timer = setInterval(() => document.hidden || draw(), 1000 / FRAMES);
  const context = new AudioContext();
  context.resume().catch(() => undefined);
  const tick = () => {
    if (!running) return;
    if (document.hidden) draw();
    const silence = new ConstantSourceNode(context, { offset: 0 });
    silence.connect(context.destination);
    silence.addEventListener("ended", tick);
    silence.start();
    silence.stop(context.currentTime + 1 / FRAMES);
  };
  draw();
  tick();
  return () => {
    running = false;
    clearInterval(timer);
    context.close().catch(() => undefined);
  };
}
