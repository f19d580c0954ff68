// The equipment check on the page: four parts, each with its button, its result in words, and a way around it.

import { playNotes, tryPath } from "../kit/check.js";
import { Meter, openCamera, openMicrophone, preview } from "./own.js";
import { part, presses, root, word } from "./page.js";

/** @typedef {import('../kit/verdict.js').Found} Found */
const LISTEN = 8000;

/** Runs the parts that the mode needs, one after another; the connection is tried meanwhile.
 * @param {import("../call/call.js").Call} call @param {{camera: boolean, microphone: boolean}} needed
 * @returns {Promise<Found>} */
export async function runCheck(call, needed) {
  /** @type {Found} */
  const found = {};
  for (const name of ["camera", "microphone", "speaker", "path"]) row(name).dataset.result = "";
  row("camera").hidden = !needed.camera;
  row("microphone").hidden = row("speaker").hidden = !needed.microphone;
  const path = pathPart(call).then((answer) => {
    found.path = answer;
  });
  const skipped = new Promise((resolve) => {
    for (const skip of presses("skip")) skip.addEventListener("click", resolve, { once: true });
  });
  const lent = new Lent();
  await Promise.race([skipped, parts(found, needed, path, lent)]);
  lent.close();
  return found;
}

/** What is opened for the check. Whoever leaves it in the middle leaves nothing on, not even what the browser gives later. */
class Lent {
  /** @type {MediaStreamTrack[]} */ #tracks = [];
  isOver = false;

  /** @template {{track?: MediaStreamTrack}} T @param {Promise<T>} opening @returns {Promise<T>} */
  async take(opening) {
    const opened = await opening;
    if (opened.track) this.#tracks.push(opened.track);
    if (this.isOver) this.close();
    return opened;
  }

  close() {
    this.isOver = true;
    for (const track of this.#tracks.splice(0)) track.stop();
  }
}

/** @param {Found} found @param {{camera: boolean, microphone: boolean}} needed @param {Promise<void>} path
 * @param {Lent} lent */
async function parts(found, needed, path, lent) {
  if (needed.camera) found.camera = await cameraPart(lent);
  if (needed.microphone && !lent.isOver) found.microphone = await microphonePart(lent);
  if (needed.microphone && !lent.isOver) found.speaker = await speakerPart();
  await path;
}

/** @param {Lent} lent @returns {Promise<boolean>} */
async function cameraPart(lent) {
  begin("camera");
  if ((await press("check-camera", "without-camera")) === "without-camera")
    return end("camera", "camera-left-out", false);
  const { track, problem } = await lent.take(openCamera());
  if (!track) return end("camera", problem ?? "camera-aborted", false);
  const picture = /** @type {HTMLVideoElement} */ (part("picture", row("camera")));
  preview(picture, track, { mirrored: true, veiled: false });
  say("camera", "camera-see-yourself");
  relabel("check-camera", "camera-fine");
  const answer = await press("check-camera", "without-camera");
  preview(picture, null, { mirrored: true, veiled: false });
  track.stop();
  return end("camera", answer === "check-camera" ? "camera-works" : "camera-left-out", answer === "check-camera");
}

/** @param {Lent} lent @returns {Promise<boolean>} */
async function microphonePart(lent) {
  begin("microphone");
  if ((await press("check-microphone", "without-microphone")) === "without-microphone") {
    return end("microphone", "microphone-left-out", false);
  }
  const { track, problem } = await lent.take(openMicrophone());
  if (!track) return end("microphone", problem ?? "microphone-aborted", false);
  say("microphone", "microphone-speak");
  const meter = new Meter(track);
  const scale = /** @type {HTMLMeterElement} */ (part("level", row("microphone")));
  scale.hidden = false;
  const heard = await meter.hears(LISTEN, (level) => {
    scale.value = level;
  });
  meter.stop();
  track.stop();
  scale.hidden = true;
  return end("microphone", heard ? "microphone-heard" : "microphone-silent", heard);
}

/** @returns {Promise<boolean>} */
async function speakerPart() {
  begin("speaker");
  for (;;) {
    const answer = await press("check-speaker", "heard", "unheard");
    if (answer !== "check-speaker") return end("speaker", `speaker-${answer}`, answer === "heard");
    playNotes().catch(() => undefined);
    say("speaker", "speaker-question");
    relabel("check-speaker", "speaker-again");
    for (const button of presses("heard")) button.hidden = false;
  }
}

/** @param {import('../call/call.js').Call} call */
async function pathPart(call) {
  begin("path");
  const { path } = await tryPath(await call.iceServers());
  end("path", `check-path-${path}`, path !== "none");
  return path;
}

/** @param {string} name */
const row = (name) => /** @type {HTMLElement} */ (root.querySelector(`[data-check="${name}"]`));

/** @param {string} name */
function begin(name) {
  row(name).dataset.result = "now";
  const first = /** @type {HTMLElement|null} */ (row(name).querySelector("button"));
  first?.focus({ preventScroll: name === "path" });
}

/** @param {string} name @param {string} key @param {boolean} works */
function end(name, key, works) {
  row(name).dataset.result = works ? "good" : "bad";
  say(name, key);
  return works;
}

/** @param {string} name @param {string} key */
function say(name, key) {
  part("status", row(name)).textContent = word(key);
}

/** @param {string} press @param {string} key */
function relabel(press, key) {
  for (const button of presses(press)) button.textContent = word(key);
}

/** Waits for one of these buttons. @param {string[]} names @returns {Promise<string>} */
function press(...names) {
  return new Promise((resolve) => {
    for (const name of names) {
      for (const button of presses(name)) button.onclick = () => resolve(name);
    }
  });
}
