// The drawer "My picture": how we talk, how others see me, which devices, and whether I see myself.

import { family, page, part, root, word } from "./page.js";
import { drawOwn, sounds } from "./stage.js";

/** @typedef {import('./own.js').Own} Own */
/** @typedef {import('../call/call.js').Call} Call */
const KINDS = /** @type {const} */ (["videoinput", "audioinput", "audiooutput"]);
let bound = false;

/** Opens or closes the drawer beside the call. @param {Own} own @param {Call} call @param {HTMLElement} opener */
export function toggleLooks(own, call, opener) {
  const drawer = part("looks");
  bind(own, call);
  drawer.append(part("looks-body"));
  const ways = part("ways");
  ways.hidden = false;
  for (const way of ways.querySelectorAll("input")) way.checked = way.value === family(root.dataset.mode ?? page.mode);
  drawer.hidden = !drawer.hidden;
  opener.setAttribute("aria-expanded", String(!drawer.hidden));
  if (!drawer.hidden) /** @type {HTMLElement|null} */ (drawer.querySelector("input:checked, input"))?.focus();
}

/** The same choices before the call, where the way to talk was chosen already.
 * @param {Own} own @param {Call} call @param {HTMLElement} place */
export function borrowLooks(own, call, place) {
  bind(own, call);
  part("ways").hidden = true;
  place.append(part("looks-body"));
}

/** @param {Own} own @param {Call} call */
function bind(own, call) {
  if (bound) return;
  bound = true;
  const body = part("looks-body");
  body.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement|HTMLSelectElement} */ (event.target);
    if (input.name === "effect") own.wear(input.value);
    else if (input.name === "way") talkBy(input.value, own, call);
    else if (input.dataset.device) useDevice(input.dataset.device, input.value, own);
    else hideSelf(/** @type {HTMLInputElement} */ (input).checked, own);
  });
  part("speaker-choice").hidden = !speakersCanBeChosen();
  onDevices(list);
  own.addEventListener("change", list);
  list();
}

/** Leaving a way turns off what it does not use; coming back turns nothing on. @param {string} way @param {Own} own
 * @param {Call} call */
function talkBy(way, own, call) {
  if (way !== "video" && own.picture) own.toggleCamera();
  if (way === "text" && own.microphone) own.toggleMicrophone();
  root.dataset.mode = way;
  call.setMode(/** @type {import('../call/types.js').Mode} */ (way));
}

/** @param {string} kind @param {string} id @param {Own} own */
function useDevice(kind, id, own) {
  if (kind === "audiooutput") useSpeaker(sounds(), id);
  else own.choose(kind, id);
}

/** @param {boolean} unwanted @param {Own} own */
function hideSelf(unwanted, own) {
  part("self").dataset.unwanted = String(unwanted);
  drawOwn(own);
}

async function list() {
  for (const kind of KINDS) {
    const select = /** @type {HTMLSelectElement} */ (part("looks-body").querySelector(`[data-device="${kind}"]`));
    const found = await devices(kind);
    const chosen = select.value;
    const options = found.map(
      ({ deviceId, label }, place) => new Option(label || word("device", { number: place + 1 }), deviceId),
    );
    select.replaceChildren(...(options.length > 0 ? options : [new Option(word("device-none"), "")]));
    if (found.some(({ deviceId }) => deviceId === chosen)) select.value = chosen;
    select.disabled = found.length < 2;
  }
}

/** The devices of a kind, by name. Before a permission was given browsers leave the names empty.
 * @param {MediaDeviceKind} kind */
async function devices(kind) {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((device) => device.kind === kind && device.deviceId);
}

/** Calls back when a device is plugged in or out; returns the way to stop. @param {() => void} changed */
function onDevices(changed) {
  navigator.mediaDevices?.addEventListener?.("devicechange", changed);
  return () => navigator.mediaDevices?.removeEventListener?.("devicechange", changed);
}

const speakersCanBeChosen = () => "setSinkId" in HTMLMediaElement.prototype;

/** Sends the sound of these elements to a loudspeaker. @param {Iterable<HTMLMediaElement>} elements @param {string} id */
async function useSpeaker(elements, id) {
  if (!speakersCanBeChosen()) return;
  await Promise.allSettled(Array.from(elements, (element) => element.setSinkId(id)));
}
