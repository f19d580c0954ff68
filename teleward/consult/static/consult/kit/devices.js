// Cameras, microphones and loudspeakers. Nothing is opened before the person presses a button.

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

/** The devices of a kind, by name. Before a permission was given browsers leave the names empty.
 * @param {MediaDeviceKind} kind */
export async function devices(kind) {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((device) => device.kind === kind && device.deviceId);
}

/** Calls back when a device is plugged in or out; returns the way to stop. @param {() => void} changed */
export function onDevices(changed) {
  navigator.mediaDevices?.addEventListener?.("devicechange", changed);
  return () => navigator.mediaDevices?.removeEventListener?.("devicechange", changed);
}

export const speakersCanBeChosen = () => "setSinkId" in HTMLMediaElement.prototype;

/** Sends the sound of these elements to a loudspeaker. @param {Iterable<HTMLMediaElement>} elements @param {string} id */
export async function useSpeaker(elements, id) {
  if (!speakersCanBeChosen()) return;
  await Promise.allSettled(Array.from(elements, (element) => element.setSinkId(id)));
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
