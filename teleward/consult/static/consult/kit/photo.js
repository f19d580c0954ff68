// One sharp photo from the camera, at the highest resolution it gives, redrawn so that nothing but the picture is in it.

import { redraw } from "./redraw.js";

const PATIENCE = 4000;

/** The best still picture of this camera track. @param {MediaStreamTrack} track @returns {Promise<Blob>} */
export async function still(track) {
  const taken = (await shutter(track)) ?? (await frame(track));
  const picture = await createImageBitmap(taken);
  return redraw(picture, "image/jpeg", 0.92);
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

/** A frame of the video after the camera was turned up as far as it goes; afterwards it is as before.
 * @param {MediaStreamTrack} track */
async function frame(track) {
  const before = track.getSettings();
  await widen(track);
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  await video.play();
  const picture = await createImageBitmap(video);
  video.srcObject = null;
  await track.applyConstraints({ width: before.width, height: before.height }).catch(() => undefined);
  return redraw(picture, "image/png");
}

/** @param {MediaStreamTrack} track */
async function widen(track) {
  const { width, height } = track.getCapabilities?.() ?? {};
  if (!width?.max || !height?.max) return;
  await track
    .applyConstraints({ width: { ideal: width.max }, height: { ideal: height.max } })
    .catch(() => undefined);
}
