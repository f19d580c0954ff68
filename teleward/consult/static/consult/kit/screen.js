// Sharing a screen or a window: its picture only, never its sound.

import { problemOf } from "../room/own.js";

/** Asks which screen or window to share. @param {() => void} ended called when the sharing stops
 * @returns {Promise<{track?: MediaStreamTrack, problem?: string}>} */
export async function share(ended) {
  if (!navigator.mediaDevices?.getDisplayMedia) return { problem: "screen-forbidden" };
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { max: 15 } },
      audio: false,
    });
    const track = stream.getVideoTracks()[0];
    if (!track) return { problem: "screen-missing" };
    track.contentHint = "detail";
    track.addEventListener("ended", ended);
    return { track };
  } catch (error) {
    return { problem: problemOf("screen", error) };
  }
}
