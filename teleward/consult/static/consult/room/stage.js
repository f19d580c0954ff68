// The others on stage: one tile each, with name, role, picture or its absence, sound, and the state of the connection.

import { button, hasWord, make, notice, page, part, word } from "./page.js";
import { sentence } from "./sentence.js";

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
  const [name, line] = [make("strong", ""), make("span", "tw-line")];
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
