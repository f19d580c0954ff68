// The words two people say to each other to know that nobody sits between them. The largest thing while it matters.

import { VIEWS } from "./comparison.js";
import { make, page, part } from "./page.js";
import { firstForm, stand } from "./sentence.js";

/** @typedef {import('../call/types.js').PeerView} Peer */
/** @typedef {{tick: (peer: string, outcome: 'same'|'different') => void, startWords: (peer: string) => void,
 *   leave: () => void}} Acts */

/** @type {Map<string, {panel: HTMLElement, drawn: string}>} */
const panels = new Map();
let form = firstForm(page.form, page.language);

/** Shows for each person in the room what is left to do. @param {Map<string, Peer>} peers @param {number} mySeat
 * @param {Acts} acts */
export function updateWords(peers, mySeat, acts) {
  for (const [id, { panel }] of panels) {
    if (peers.has(id)) continue;
    panel.remove();
    panels.delete(id);
  }
  for (const [id, peer] of peers) draw(id, peer, mySeat, acts);
  const urgent = Array.from(peers.values()).some(({ verification }) => verification.state !== "verified");
  part("verify").classList.toggle("tw-verify--urgent", urgent);
}

/** @param {string} id @param {Peer} peer @param {number} mySeat @param {Acts} acts */
function draw(id, peer, mySeat, acts) {
  const { verification } = peer;
  const entry = panels.get(id) ?? added(id);
  const what = stand(verification);
  const now = JSON.stringify([
    what,
    verification.words,
    verification.run,
    verification.theirs,
    form,
    peer.name,
    mySeat,
  ]);
  if (entry.drawn === now) return;
  entry.drawn = now;
  const redraw = () => {
    entry.drawn = "";
    draw(id, peer, mySeat, acts);
  };
  const say = (/** @type {'same'|'different'} */ outcome) => acts.tick(id, outcome);
  const use = (/** @type {string} */ other) => {
    form = other;
    redraw();
  };
  const board = { id, peer, mySeat, acts, form, say, use };
  entry.panel.dataset.stand = what;
  const focused = entry.panel.contains(document.activeElement);
  entry.panel.replaceChildren(...(VIEWS[what]?.(board) ?? []));
  if (focused) /** @type {HTMLElement|null} */ (entry.panel.querySelector("h2"))?.focus();
}

/** @param {string} id */
function added(id) {
  const panel = make("section", "tw-compare", "", { "data-verify": id, "aria-live": "polite" });
  part("verify").append(panel);
  const entry = { panel, drawn: "" };
  panels.set(id, entry);
  return entry;
}
