// The consultation in one page: check, waiting room, call, over. This module connects the call with the page.

import { Call } from "../call/call.js";
import { loadCertificate } from "../call/link.js";
import { button, hasWord, notice, onPress, page, part, peerId, presses, root, show, showing, word } from "./page.js";
import { LIVE } from "./sentence.js";
import { showTrack, updateStage } from "./stage.js";

const TALKED = [
  "chat",
  "file-offered",
  "file",
  "file-refused",
  "file-progress",
  "photo-asked",
  "photo-declined",
  "photo",
];
const RETURNS = new Set(["left", "live:opened-elsewhere", "live:closed"]);
const isHost = page.side === "host";
const call = new Call({
  url: new URL(page.socket, location.href.replace(/^http/, "ws")).href,
  peer: peerId(),
  certificate: await loadCertificate(),
  wordForm: page.form === "words" ? "words" : "digits",
});
/** @type {import("./own.js").Own|null} */ let own = null;
/** @type {typeof import('./verify.js')|null} */ let verify = null;
/** @type {import('./talk.js').Talk|null} */ let talk = null;

/** My devices; their code is loaded with the first press that needs them. */
async function mine() {
  const { bindOwn } = await import("./bar.js");
  if (own) return own;
  const devices = bindOwn(call);
  devices.addEventListener("change", () => devices.microphone && notice("silent", ""));
  own = devices;
  return own;
}

/** The words to compare, loaded once there is somebody to compare them with. */
async function furnish() {
  const first = verify === null;
  verify = await import("./verify.js");
  if (first) remind();
  verify.updateWords(call.state.peers, call.state.seat ?? 0, acts);
}

/** What is written, sent and photographed; loaded with the first of it. */
async function talking() {
  const { Talk } = await import("./talk.js");
  talk ??= new Talk(call, mine);
  return talk;
}

/** Draws where the call stands. */
function update() {
  const { phase, peers } = call.state;
  root.dataset.phase = phase;
  notice("signal", phase === "reconnecting" ? word("signal-lost") : "");
  if (phase === "room" && !showing("call") && !showing("over")) show("section", "call");
  if (!showing("call")) return;
  updateStage(peers);
  if ([...peers.values()].some(({ link }) => link === "connected") || verify) furnish();
}

const acts = {
  tick: (/** @type {string} */ peer, /** @type {'same'|'different'} */ outcome) => void call.tick(peer, outcome),
  startWords: (/** @type {string} */ peer) => void call.startWords(peer),
  leave,
};

/** Nobody is left talking to a microphone that is off: on arrival, and after a reload, which leaves everything off. */
function remind() {
  if (own?.microphone || !LIVE.has(root.dataset.mode ?? page.mode)) return;
  const speak = async () => (await mine()).toggleMicrophone();
  notice("silent", word("silent"), "look", [button("tw-button tw-button-small", word("microphone-start"), speak)]);
}

/** @param {string} reason */
function over(reason) {
  own?.stop();
  for (const piece of ["title", "text"]) {
    if (hasWord(`${reason}-${piece}`)) part(`over-${piece}`).textContent = word(`${reason}-${piece}`);
  }
  for (const back of presses("return")) back.hidden = !RETURNS.has(reason);
  show("section", "over");
}

function leave() {
  call.leave();
  over("left");
}

/** @param {{code: string, fatal?: boolean}} problem */
function trouble({ code, fatal }) {
  if (code === "turned-away") call.leave();
  if (fatal || code === "turned-away") return over(code);
  return tidings("problem", { code });
}

/** News that is rare; its code is loaded with the first of it. @param {string} kind @param {object} detail */
async function tidings(kind, detail) {
  (await import("./tidings.js")).tell(kind, detail, call);
}

/** @template T @param {string} type @param {(detail: T) => unknown} act */
const on = (type, act) => call.addEventListener(type, (event) => act(/** @type {CustomEvent<T>} */ (event).detail));
on("state", update);
on("track", showTrack);
on("problem", trouble);
on("ended", () => over("ended"));
on("quality", (/** @type {object} */ detail) => tidings("quality", detail));
on("notice", (/** @type {object} */ detail) => tidings("notice", detail));
for (const type of TALKED) {
  call.addEventListener(type, (event) => {
    if (type === "file-offered") event.preventDefault();
    talking().then((desk) => desk.take(/** @type {CustomEvent} */ (event)));
  });
}
onPress("microphone", async () => (await mine()).toggleMicrophone());
onPress("camera", async () => (await mine()).toggleCamera());
onPress("screen", async () => (await import("./bar.js")).toggleScreen(await mine()));
onPress("looks", async (opener) => (await import("./looks.js")).toggleLooks(await mine(), call, opener));
onPress("chat", async () => (await talking()).toggle());
onPress("photo", async () => (await talking()).photo());
onPress("leave", leave);
onPress("return", () => location.reload());
if (isHost) {
  show("section", "call");
  (await import("./host.js")).bindHost(call);
} else {
  (await import("./check.js")).bindCheck(call, mine);
}
root.dataset.bound = "true";
call.open();
