// The words two people say to each other to know that nobody sits between them: a panel for each person, the largest
// thing while it matters, and what it shows at each stand of things.

import { button, firstForm, halves, make, page, part, pictureOf, pieces, root, stand, word } from "./page.js";

const RUNS = 3;
const FORMS = [`words-${page.language.startsWith("de") ? "de" : "en"}`, "digits", "emoji"];

/** @typedef {import('../call/types.js').PeerView} Peer */
/** @typedef {import('../call/types.js').WordForm} WordForm */
/** @typedef {{tick: (peer: string, outcome: 'same'|'different', form: WordForm) => void, startWords: (peer: string) => void,
 *   leave: () => void}} Acts */
/** @typedef {{id: string, peer: Peer, mySeat: number, acts: Acts, say: (outcome: 'same'|'different') => void,
 *   form: string, use: (form: string) => void}} Board */
/** @type {Record<string, (board: Board) => HTMLElement[]>} */
const VIEWS = { making, compare, waiting, verified: () => [], known, changed, different };
/** @type {Map<string, {panel: HTMLElement, drawn: string}>} */
const panels = new Map();
let chosen = "";

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
  const form = chosen || firstForm(verification.form, page.language);
  const compared = /** @type {WordForm} */ (form.replace(/-.*/, ""));
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
  const say = (/** @type {'same'|'different'} */ outcome) => acts.tick(id, outcome, compared);
  const use = (/** @type {string} */ other) => {
    chosen = other;
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

/** @param {string} text */
const heading = (text) => make("h2", "", text, { tabindex: "-1" });

/** @param {Board} board */
function making({ peer }) {
  return [make("p", "tw-hint", word("words-making", { name: peer.name }))];
}

/** @param {Board} board */
function compare(board) {
  const { peer, mySeat, say, form } = board;
  const { mine, theirs, iAmFirst } = halves(pieces(peer.verification.words, form), mySeat, peer.seat);
  const rows = [
    row(word("words-you-read"), mine, "mine", form),
    row(word("words-they-read", { name: peer.name }), theirs, "theirs", form),
  ];
  const actions = make("p", "tw-actions");
  actions.append(
    button("tw-button", word("words-same"), () => say("same")),
    button("tw-button tw-button-second tw-button-doubt", word("words-different"), () => say("different")),
  );
  const theySaid =
    peer.verification.theirs === "same" ? [make("p", "", word("words-they-said", { name: peer.name }))] : [];
  return [
    heading(word("words-title")),
    make("p", "", word("words-how", { name: peer.name })),
    list(iAmFirst ? rows : rows.reverse()),
    ...theySaid,
    actions,
    small(board),
  ];
}

/** @param {HTMLElement[]} rows */
function list(rows) {
  const made = make("dl", "tw-readings");
  made.append(...rows);
  return made;
}

/** @param {string} who @param {string[]} what @param {string} side @param {string} form */
function row(who, what, side, form) {
  const made = make("div", `tw-reading tw-reading--${side}`);
  const value = make("dd", form === "digits" ? "tw-digits" : "");
  value.lang = form === "words-de" ? "de" : form === "words-en" ? "en" : "";
  if (!value.lang) value.removeAttribute("lang");
  value.append(...what.flatMap((piece) => [form === "emoji" ? picture(piece) : make("span", "", piece), " "]));
  made.append(make("dt", "", who), value);
  return made;
}

/** @param {string} id */
function picture(id) {
  const { glyph, name } = pictureOf(id);
  const made = make("span", "tw-picture-word");
  made.append(make("span", "", glyph, { "aria-hidden": "true" }), " ", make("span", "", name));
  return made;
}

/** The run, the other forms and what this does not protect against. @param {Board} board */
function small({ peer, form, use }) {
  const others = FORMS.filter((other) => other !== form).map((other) =>
    button("tw-button tw-button-quiet", word(`words-form-${other}`), () => use(other)),
  );
  const made = make("div", "tw-compare-small");
  const choice = make("p", "", word("words-run", { run: peer.verification.run, runs: RUNS }));
  choice.append(" ", ...others.flatMap((other) => [other, " "]));
  made.append(choice, limits());
  return made;
}

function limits() {
  const made = make("p", "tw-hint", `${word("words-limits")} `);
  const link = make("a", "", word("words-limits-link"), {
    href: page.urls.protection ?? "/protection/",
    target: "_blank",
  });
  link.rel = "noopener";
  made.append(link);
  return made;
}

/** @param {Board} board */
function waiting({ peer }) {
  return [heading(word("words-waiting", { name: peer.name }))];
}

/** @param {Board} board */
function known(board) {
  return [again(board, "words-compare-anyway")];
}

/** @param {Board} board */
function changed(board) {
  const { name } = board.peer;
  return [
    heading(word("words-changed-title")),
    make("p", "", word("words-changed", { name })),
    again(board, "words-compare-again"),
  ];
}

/** @param {Board} board */
function different(board) {
  const actions = make("p", "tw-actions");
  actions.append(
    button("tw-button tw-button-stop", word("words-leave"), board.acts.leave),
    again(board, "words-once-more"),
  );
  const call = root.dataset.phone ? [make("p", "tw-phone", word("words-phone", { phone: root.dataset.phone }))] : [];
  const { because } = board.peer.verification;
  const why = because === "them" ? "words-stop-them" : because === "person" ? "words-stop-title" : "words-stop-broken";
  return [heading(word(why, { name: board.peer.name })), make("p", "tw-lead", word("words-stop")), ...call, actions];
}

/** A further run, while there is one left. @param {Board} board @param {string} key */
function again({ id, peer, acts }, key) {
  const next = peer.verification.run + 1;
  if (next > RUNS) return make("p", "tw-hint", word("words-no-more"));
  return button("tw-button tw-button-second", word(key, { run: next, runs: RUNS, name: peer.name }), () =>
    acts.startWords(id),
  );
}
