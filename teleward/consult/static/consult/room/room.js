// The consultation in one page: check, waiting room, call, over. This module connects the call with the page.

import { Call } from "../call/call.js";
import { loadCertificate } from "../call/certificate.js";
import {
  button,
  hasWord,
  notice,
  onPress,
  page,
  part,
  peerId,
  presses,
  root,
  show,
  showing,
  word,
} from "./page.js";
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
/** @type {Promise<void>|null} */ let furnishing = null;
let hasPressed = false;

/** My devices; their code is loaded with the first press that needs them. */
async function mine() {
  hasPressed = true;
  const { bindOwn } = await import("./bar.js");
  own ??= bindOwn(call);
  return own;
}

/** What a conversation needs beyond seeing and hearing, loaded once there is somebody to talk to. */
function furnish() {
  furnishing ??= Promise.all([import("./verify.js"), import("./talk.js")]).then(([words, { Talk }]) => {
    verify = words;
    talk = new Talk(call, mine);
    update();
  });
  return furnishing;
}

/** Draws where the call stands. */
function update() {
  const { phase, peers, seat } = call.state;
  root.dataset.phase = phase;
  notice("signal", phase === "reconnecting" ? word("signal-lost") : "");
  if (phase === "room" && !showing("call") && !showing("over")) enter();
  if (!showing("call")) return;
  updateStage(peers);
  verify?.updateWords(peers, seat ?? 0, acts);
  if ([...peers.values()].some(({ link }) => link === "connected")) furnish();
}

const acts = {
  tick: (/** @type {string} */ peer, /** @type {'same'|'different'} */ outcome) =>
    void call.tick(peer, outcome),
  startWords: (/** @type {string} */ peer) => void call.startWords(peer),
  leave,
};

/** Into the room. Microphone and camera are as the person left them; after a reload they are off. */
function enter() {
  show("section", "call");
  if (isHost || hasPressed) return;
  const carryOn = async () => {
    notice("resume", "");
    (await mine()).toggleMicrophone();
  };
  notice("resume", word("resume"), "look", [button("tw-button", word("resume-button"), carryOn)]);
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
  const close = button("tw-button tw-button-quiet", word("notice-close"), () => notice("problem", ""));
  return notice("problem", word(hasWord(code) ? code : "problem-unknown", { code }), "look", [close]);
}

/** A picture that was stopped for a slow connection comes back only when the person asks. @param {{mode: string}} change */
function quality({ mode }) {
  const again = button("tw-button tw-button-second tw-button-small", word("quality-again"), () => {
    notice("quality", "");
    call.setMode("video");
  });
  const text = hasWord(`quality-${mode}`) ? word(`quality-${mode}`) : "";
  notice("quality", text, "look", mode === "low-video" ? [] : [again]);
}

/** @template T @param {string} type @param {(detail: T) => unknown} act */
const on = (type, act) =>
  call.addEventListener(type, (event) => act(/** @type {CustomEvent<T>} */ (event).detail));
on("state", update);
on("track", showTrack);
on("problem", trouble);
on("ended", () => over("ended"));
on("quality", quality);
on("notice", (/** @type {{kind: string}} */ { kind }) =>
  notice(kind, hasWord(`notice-${kind}`) ? word(`notice-${kind}`) : ""),
);
for (const type of TALKED) {
  call.addEventListener(type, (event) => {
    if (type === "file-offered") event.preventDefault();
    furnish().then(() => talk?.take(/** @type {CustomEvent} */ (event)));
  });
}
onPress("microphone", async () => (await mine()).toggleMicrophone());
onPress("camera", async () => (await mine()).toggleCamera());
onPress("screen", async () => (await mine()).toggleScreen());
onPress("looks", async (opener) => (await import("./looks.js")).toggleLooks(await mine(), call, opener));
onPress("chat", () => furnish().then(() => talk?.toggle()));
onPress("photo", () => furnish().then(() => talk?.photo()));
onPress("leave", leave);
onPress("return", () => location.reload());
if (isHost) {
  show("section", "call");
  (await import("./host.js")).bindHost(call);
} else {
  (await import("./check.js")).bindCheck(call, mine, () => {
    hasPressed = true;
  });
}
root.dataset.bound = "true";
call.open();
