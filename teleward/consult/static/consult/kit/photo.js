// One sharp photo from the camera, at the highest resolution it gives, redrawn so that nothing but the picture is in it.

import { redraw } from "./redraw.js";

const PATIENCE = 4000;

/** The best still picture of this camera track. Meanwhile the camera is turned up as far as it goes.
 * @param {MediaStreamTrack} track @returns {Promise<Blob>} */
export async function still(track) {
  const { width, height } = track.getSettings();
  await widen(track);
  try {
    const taken = (await shutter(track)) ?? (await frame(track));
    return await redraw(await createImageBitmap(taken), "image/jpeg", 0.92);
  } finally {
    await track.applyConstraints({ width, height }).catch(() => undefined);
  }
}

/** Asks the camera itself for a photo, where the browser can. @param {MediaStreamTrack} track */
async function shutter(track) {
  if (!("ImageCapture" in window)) return null;
  try {
    const camera = new ImageCapture(track);
    return await soon(largest(camera));
  } catch {
    return null;
  }
}

/** @param {ImageCapture} camera */
async function largest(camera) {
  const { imageWidth, imageHeight } = await camera.getPhotoCapabilities();
  const size = { imageWidth: imageWidth?.max, imageHeight: imageHeight?.max };
  return camera.takePhoto(size.imageWidth ? size : undefined).catch(() => camera.takePhoto());
}

/** @template T @param {Promise<T>} promise @returns {Promise<T>} */
function soon(promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
  return /** @type {Promise<T>} */ (Promise.race([promise, late]));
}

/** What the video shows now. @param {MediaStreamTrack} track */
async function frame(track) {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  await video.play();
  const picture = await createImageBitmap(video);
  video.srcObject = null;
  return redraw(picture, "image/png");
}

/** @param {MediaStreamTrack} track */
async function widen(track) {
  const { width, height } = track.getCapabilities?.() ?? {};
  if (!width?.max || !height?.max) return;
  await track.applyConstraints({ width: { ideal: width.max }, height: { ideal: height.max } }).catch(() => undefined);
}
