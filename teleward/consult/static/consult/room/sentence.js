// What the room says about a connection, decided without touching the page.

/** @typedef {import('../call/types.js').PeerView} Peer */
/** @typedef {Pick<import('../call/types.js').VerificationView, 'state'|'theirs'>} Verification */
/** @typedef {{key: string, values: Record<string, string>}} Line */
/** @typedef {{tone: 'good'|'look'|'stop'|'wait', lines: Line[]}} Sentence */

const PATHS = new Set(["direct", "relayed"]);
const TONES = /** @type {Record<string, Sentence["tone"]>} */ ({
  verified: "good",
  known: "good",
  changed: "look",
  different: "stop",
});

/** The sentence about one peer: how the call travels and whether it was verified.
 * @param {Peer} peer @param {string} language @returns {Sentence} */
export function sentence(peer, language) {
  const values = { name: peer.name };
  const state = stand(peer.verification);
  if (state === "different") return { tone: "stop", lines: [{ key: "verified-different", values }] };
  if (peer.link !== "connected") {
    const link = ["new", "stalled", "gone"].includes(peer.link) ? peer.link : "new";
    return { tone: link === "new" ? "wait" : "look", lines: [{ key: `link-${link}`, values }] };
  }
  const path = PATHS.has(peer.path ?? "") ? peer.path : "unknown";
  return { tone: TONES[state] ?? "look", lines: [{ key: `path-${path}`, values }, proof(peer, language)] };
}

/** @param {Peer} peer @param {string} language @returns {Line} */
function proof(peer, language) {
  const { since } = peer.verification;
  const state = stand(peer.verification);
  const { name } = peer;
  if (state === "verified") return { key: "verified-both", values: { name, time: clock(since, language) } };
  if (state === "known") return { key: "verified-known", values: { name, date: day(since, language) } };
  const keys = /** @type {Record<string, string>} */ ({
    changed: "verified-changed",
    waiting: "verified-by-you",
  });
  return { key: keys[state] ?? "verified-not-yet", values: { name } };
}

/** Hour and minute of a moment, as people in this language write them.
 * @param {string|number|Date|null|undefined} at @param {string} language @param {string} [timeZone] */
export function clock(at, language, timeZone) {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone }).format(moment(at));
}

/** Day and month of a moment, with the year when it is not this one.
 * @param {string|number|Date|null|undefined} at @param {string} language @param {Date} [today] */
export function day(at, language, today = new Date()) {
  const when = moment(at);
  const year = when.getFullYear() === today.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year }).format(when);
}

/** @param {string|number|Date|null|undefined} at */
const moment = (at) => (at === null || at === undefined ? new Date() : new Date(at));

/** The verification string in the form the two agreed on, as pieces to read aloud.
 * @param {import('../call/types.js').Spoken|null} spoken @param {string} form words-de|words-en|digits|emoji */
export function pieces(spoken, form) {
  if (!spoken) return [];
  if (form === "digits") return spoken.digits.replace(/\D/g, "").split("");
  if (form === "emoji") return spoken.emoji;
  return form === "words-de" ? spoken.de : spoken.en;
}

/** Who reads which half: the one with the higher seat (the patient) reads the first half, the other the rest.
 * @param {string[]} all @param {number} mySeat @param {number} theirSeat */
export function halves(all, mySeat, theirSeat) {
  const middle = Math.ceil(all.length / 2);
  const [first, second] = [all.slice(0, middle), all.slice(middle)];
  const iAmFirst = mySeat > theirSeat;
  return { mine: iAmFirst ? first : second, theirs: iAmFirst ? second : first, iAmFirst };
}

/** The form to begin with: words only when both sides read the same language.
 * @param {string|undefined} agreed "words" or "digits" @param {string} language */
export function firstForm(agreed, language) {
  if (agreed !== "words") return "digits";
  return language.startsWith("de") ? "words-de" : "words-en";
}

/** What to show of one peer's verification. Verified means that both have said so.
 * @param {Verification} verification */
export function stand({ state, theirs }) {
  if (state === "verified") return theirs === "same" ? "verified" : "waiting";
  if (["different", "changed", "known"].includes(state)) return state;
  return state === "ready" ? "compare" : "making";
}

export const SEEN = new Set(["video", "low-video"]);
export const LIVE = new Set([...SEEN, "one-way", "photo-audio", "audio"]);

/** Whether a mode uses my camera, my microphone. @param {string} mode */
export const needs = (mode) => ({ camera: SEEN.has(mode), microphone: LIVE.has(mode) });

/** The plain family of a mode: video, audio or text. @param {string} mode @returns {"video"|"audio"|"text"} */
export function family(mode) {
  if (SEEN.has(mode) || mode === "one-way") return "video";
  return LIVE.has(mode) || mode === "phone" ? "audio" : "text";
}
