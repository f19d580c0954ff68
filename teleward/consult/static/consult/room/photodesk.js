// The photo desk: open the camera, take a still, look at it, and only then decide whether to send it.

import { still } from "../kit/photo.js";
import { openCamera } from "./own.js";
import { onPress, part, presses, word } from "./page.js";
import { nameOf } from "./stage.js";

/** @typedef {import('../call/call.js').Call} Call */
const STEPS = /** @type {const} */ (["photo-open", "photo-take", "photo-send", "photo-again"]);
/** @type {{call: Call, own: import('./own.js').Own, askedBy: string|null, sent: (blob: Blob) => void}|null} */
let desk = null;
/** @type {MediaStreamTrack|null} */ let track = null;
/** @type {Blob|null} */ let photo = null;
let bound = false;
let turn = 0; // of the desk: what was begun in an earlier one counts no longer

/** @param {Call} call @param {import('./own.js').Own} own @param {string|null} askedBy the peer who asked, or nobody
 * @param {(blob: Blob) => void} sent */
export function openDesk(call, own, askedBy, sent) {
  turn += 1;
  if (desk) release();
  desk = { call, own, askedBy, sent };
  if (!bound) bind();
  part("photo-title").textContent = askedBy ? word("photo-wanted", { name: nameOf(askedBy) }) : word("photo-title");
  part("photo-desk").hidden = false;
  part("photo-title").focus();
  offer("photo-open");
}

function bind() {
  bound = true;
  onPress("photo-open", open);
  onPress("photo-again", open);
  onPress("photo-take", take);
  onPress("photo-send", () => finish(photo));
  onPress("photo-no", () => finish(null));
}

/** The camera that is on anyway, or one of its own for as long as the desk is open. */
async function open() {
  turn += 1;
  const mine = turn;
  const lent = desk?.own.camera;
  const opened = lent ? { track: lent } : await openCamera();
  if (mine !== turn) return lent ? undefined : opened.track?.stop();
  part("photo-trouble").textContent = opened.track ? "" : word(opened.problem ?? "camera-aborted");
  if (!opened.track) return;
  track = opened.track;
  const live = /** @type {HTMLVideoElement} */ (part("photo-live"));
  live.srcObject = new MediaStream([track]);
  await live.play().catch(() => undefined);
  if (mine !== turn) return;
  live.hidden = false;
  part("photo-still").hidden = true;
  offer("photo-take");
}

async function take() {
  if (!track) return;
  const mine = turn;
  part("photo-trouble").textContent = word("photo-working");
  const taken = await still(track).catch(() => null);
  if (taken) await draw(taken);
  if (mine !== turn) return;
  part("photo-trouble").textContent = taken ? "" : word("photo-failed");
  if (!taken) return;
  photo = taken;
  release();
  offer("photo-send", "photo-again");
}

/** @param {Blob} blob */
async function draw(blob) {
  const picture = await createImageBitmap(blob);
  const canvas = /** @type {HTMLCanvasElement} */ (part("photo-still"));
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  canvas.hidden = false;
}

function release() {
  if (track !== desk?.own.camera) track?.stop();
  track = null;
  const live = /** @type {HTMLVideoElement} */ (part("photo-live"));
  live.srcObject = null;
  live.hidden = true;
}

/** @param {Blob|null} blob */
async function finish(blob) {
  turn += 1;
  release();
  part("photo-still").hidden = true;
  part("photo-desk").hidden = true;
  photo = null;
  presses("photo")[0]?.focus();
  if (blob) desk?.sent(blob);
  if (desk?.askedBy) await desk.call.answerPhoto(desk.askedBy, blob);
  else if (blob) await desk?.call.send(blob, { name: "photo.jpg", purpose: "photo" });
}

/** Shows these buttons and hides the other steps. @param {string[]} names */
function offer(...names) {
  for (const step of STEPS) for (const button of presses(step)) button.hidden = !names.includes(step);
}
