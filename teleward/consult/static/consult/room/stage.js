// The others on stage: one tile each, with name, role, picture or its absence, sound, and the state of the connection;
// and my own part in it: what my buttons say, what my own picture shows, and what goes to the call when I press.

import { Own, preview } from "./own.js";
import { button, hasWord, make, notice, onPress, page, part, presses, root, SEEN, sentence, word } from "./page.js";

/** @typedef {import('../call/types.js').PeerView} Peer */
/** @typedef {{figure: HTMLElement, picture: HTMLVideoElement, screen: HTMLVideoElement, sound: HTMLAudioElement,
 *   bare: HTMLElement, name: HTMLElement, line: HTMLElement}} Tile */
const URGENCY = ["stop", "look", "wait", "good"];

/** @type {Map<string, Tile>} */
const tiles = new Map();
/** @type {Set<string>} */
const silent = new Set();

/** Shows everybody who is in the room. @param {Map<string, Peer>} peers */
export function updateStage(peers) {
  for (const [id, tile] of tiles) {
    if (peers.has(id)) continue;
    tile.figure.remove();
    tiles.delete(id);
  }
  for (const [id, peer] of peers) dress(tileOf(id), peer, peers.size > 1);
  part("stage").dataset.people = String(peers.size);
  part("alone").hidden = peers.size > 0;
  tellConnection([...peers.values()]);
}

/** @param {{peer: string, kind: string, stream: MediaStream}} arrived */
export function showTrack({ peer, kind, stream }) {
  const tile = tileOf(peer);
  const element = kind === "audio" ? tile.sound : kind === "screen" ? tile.screen : tile.picture;
  element.srcObject = stream;
  element.play().catch(() => kind === "audio" && askForSound(peer));
}

/** The elements that make sound, for the choice of a loudspeaker. */
export const sounds = () => Array.from(tiles.values(), (tile) => tile.sound);

/** @param {string} peer */
export const nameOf = (peer) => tiles.get(peer)?.name.textContent ?? "";

/** @param {string} role */
export const roleName = (role) => (hasWord(`role-${role}`) ? word(`role-${role}`) : role);

/** @param {string} id @returns {Tile} */
function tileOf(id) {
  const old = tiles.get(id);
  if (old) return old;
  const figure = make("figure", "tw-tile", "", { "data-peer": id });
  const [picture, screen] = [video("tw-picture"), video("tw-screen")];
  const sound = document.createElement("audio");
  const bare = make("div", "tw-bare");
  const caption = make("figcaption", "");
  const [name, line] = [make("strong", ""), make("span", "tw-tile-line")];
  caption.append(name, " ", line);
  figure.append(bare, picture, screen, sound, caption);
  part("tiles").append(figure);
  const tile = { figure, picture, screen, sound, bare, name, line };
  tiles.set(id, tile);
  return tile;
}

/** @param {string} className */
function video(className) {
  const made = make("video", className);
  Object.assign(made, { muted: true, playsInline: true, autoplay: true, hidden: true });
  return made;
}

/** @param {Tile} tile @param {Peer} peer @param {boolean} several */
function dress(tile, peer, several) {
  const media = peer.media ?? { camera: false, microphone: false, screen: false };
  tile.figure.dataset.link = peer.link;
  tile.figure.dataset.tone = sentence(peer, page.language).tone;
  tile.picture.hidden = !media.camera;
  tile.screen.hidden = !media.screen;
  tile.figure.classList.toggle("tw-tile--screen", media.screen);
  tile.bare.hidden = media.camera || media.screen;
  write(tile.bare, initials(peer.name));
  write(tile.name, peer.name);
  write(tile.line, [roleName(peer.role), ...about(peer, media, several)].join(" · "));
}

/** @param {Peer} peer @param {{camera: boolean, microphone: boolean}} media @param {boolean} several */
function about(peer, media, several) {
  const lines = media.microphone ? [] : [word("peer-muted")];
  return several ? [...lines, spoken(peer)] : lines;
}

/** @param {Peer} peer */
const spoken = (peer) =>
  sentence(peer, page.language)
    .lines.map(({ key, values }) => word(key, values))
    .join(" ");

/** @param {string} name */
const initials = (name) =>
  name
    .split(/\s+/)
    .filter((piece) => /^\p{L}/u.test(piece) && !piece.endsWith("."))
    .map((piece) => piece[0])
    .slice(0, 2)
    .join("");

/** The one sentence about the connection, always visible: the most urgent one when there are several.
 * @param {Peer[]} peers */
function tellConnection(peers) {
  const line = part("sentence");
  const urgent = peers
    .map((peer) => ({ tone: sentence(peer, page.language).tone, text: spoken(peer) }))
    .sort((one, other) => URGENCY.indexOf(one.tone) - URGENCY.indexOf(other.tone))[0];
  line.dataset.tone = urgent?.tone ?? "wait";
  write(line, urgent?.text ?? word("nobody-yet"));
}

/** Browsers play sound only after a press; after a reload there was none. @param {string} peer */
function askForSound(peer) {
  silent.add(peer);
  const listen = () => {
    for (const id of silent)
      tiles
        .get(id)
        ?.sound.play()
        .catch(() => undefined);
    silent.clear();
    notice("sound", "");
  };
  notice("sound", word("sound-blocked"), "look", [button("tw-button", word("sound-listen"), listen)]);
}

/** Writes only what changed, so that screen readers hear only changes. @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// My own part.

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
  if (!own.screen) await own.take("screen", () => share(ended));
  else {
    own.screen.stop();
    Object.assign(own, { screen: null, problem: "" });
  }
  own.changed();
}
