// My controls: what their buttons say, what my own picture shows, and what goes to the call when I press.

import { preview } from "../kit/devices.js";
import { Own } from "./own.js";
import { onPress, page, part, presses, root, word } from "./page.js";
import { SEEN } from "./sentence.js";

/** My devices, bound to the buttons of this page and to the call. Nothing is opened here.
 * @param {import('../call/call.js').Call} call */
export function bindOwn(call) {
  const own = new Own(page.side === "guest");
  onPress("unveil", () => own.unveil());
  own.addEventListener("change", () => drawOwn(own));
  feed(own, call);
  return own;
}

/** @param {Own} own */
export function drawOwn(own) {
  label("microphone", own.microphone !== null);
  label("camera", own.picture !== null);
  label("screen", own.screen !== null);
  for (const button of presses("unveil")) button.hidden = own.picture === null || own.shown;
  for (const line of root.querySelectorAll("[data-own-trouble]")) line.textContent = own.problem && word(own.problem);
  drawSelf(own);
}

/** @param {Own} own */
function drawSelf(own) {
  const self = part("self");
  self.hidden = own.picture === null || (self.dataset.unwanted === "true" && own.shown);
  const how = { mirrored: own.effect !== "avatar", veiled: !own.shown };
  preview(part("self-picture"), own.picture, how);
  part("self-name").textContent = word(own.shown ? "self-shown" : "self-veiled");
  const before = root.querySelector('[data-part="preview"]');
  if (!(before instanceof HTMLVideoElement)) return;
  preview(before, own.picture, how);
  const key = own.picture === null ? "preview-off" : own.shown ? "preview-shown" : "preview-veiled";
  part("preview-text").textContent = word(key);
}

/** A button says what pressing it does. @param {string} name @param {boolean} on */
function label(name, on) {
  for (const button of presses(name)) {
    const text = word(`${name}-${on ? "stop" : "start"}`);
    const span = button.querySelector("span") ?? button;
    if (span.textContent !== text) span.textContent = text;
    button.dataset.on = String(on);
    const use = button.querySelector("use");
    if (use && name !== "screen") use.setAttribute("href", `#i-${name}${on ? "" : "-off"}`);
  }
}

/** Sends my tracks to the call whenever one of them has changed.
 * @param {Own} own @param {import('../call/call.js').Call} call */
function feed(own, call) {
  /** @type {Map<'audio'|'video'|'screen', MediaStreamTrack|null>} */
  const sent = new Map();
  own.addEventListener("change", () => {
    const tracks = { audio: own.microphone, video: own.sent, screen: own.screen };
    for (const kind of /** @type {const} */ (["audio", "video", "screen"])) {
      if ((sent.get(kind) ?? null) === tracks[kind]) continue;
      sent.set(kind, tracks[kind]);
      if (kind === "video" && tracks.video && !SEEN.has(root.dataset.mode ?? "video")) call.setMode("video");
      call.setTrack(kind, tracks[kind]);
    }
  });
}

/** Begins or ends sharing a screen. @param {Own} own */
export async function toggleScreen(own) {
  const { share } = await import("../kit/screen.js");
  const ended = () => Object.assign(own, { screen: null }).changed();
  own.screen?.stop();
  const { track = null, problem = "" } = own.screen ? {} : await share(ended);
  Object.assign(own, { screen: track, problem }).changed();
}
