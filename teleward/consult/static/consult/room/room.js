// The consultation in one page: check, waiting room, call, over. This module connects the call with the page.

import { Call } from "../call/call.js";
import { loadCertificate } from "../call/link.js";
import {
  button,
  family,
  hasWord,
  LIVE,
  make,
  needs,
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
import { bindOwn, showTrack, toggleScreen, updateStage } from "./stage.js";

/** @typedef {import('../call/types.js').Mode} Mode */
/** @typedef {import('../kit/verdict.js').Found} Found */
/** @typedef {import('../call/types.js').Outcome} Outcome */
/** @typedef {import('../call/types.js').WordForm} WordForm */

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
const AT_LEISURE = 500; // what is not needed yet comes after what is
const isHost = page.side === "host";
const call = new Call({
  url: new URL(page.socket, location.href.replace(/^http/, "ws")).href,
  peer: peerId(),
  certificate: loadCertificate(),
  language: page.language,
});
if (!isHost) call.open(); // the line is dialled while the page is made ready
const own = bindOwn(call);
/** @type {typeof import('./comparison.js')|null} */ let verify = null;
/** @type {Promise<import('./talk.js').Talk>|null} */ let talk = null;

/** The words to compare, loaded once there is somebody to compare them with. */
async function furnish() {
  const first = verify === null;
  verify = await import("./comparison.js");
  if (first) remind();
  if (first) setTimeout(() => import("./talk.js").catch(() => undefined), AT_LEISURE);
  verify.updateWords(call.state.peers, call.state.seat ?? 0, acts);
}

/** What is written, sent and photographed; loaded with the first of it, which waits while the server is away. */
const talking = () => {
  talk ??= talked();
  return talk;
};

async function talked() {
  for (;;) {
    const loaded = await import("./talk.js").catch(() => null);
    if (loaded) return new loaded.Talk(call, own);
    await new Promise((wait) => setTimeout(wait, AT_LEISURE));
  }
}

/** Draws where the call stands. */
function update() {
  const { phase, peers } = call.state;
  const isNew = root.dataset.phase !== phase;
  root.dataset.phase = phase;
  notice("signal", phase === "reconnecting" ? word("signal-lost") : "");
  if (isNew && phase === "lobby") setTimeout(() => import("./comparison.js").catch(() => undefined), AT_LEISURE);
  if (phase === "room" && !showing("call") && !showing("over")) show("section", "call");
  if (!showing("call")) return;
  updateStage(peers);
  if ([...peers.values()].some(({ link }) => link === "connected") || verify) furnish();
}

const acts = {
  tick: (/** @type {string} */ peer, /** @type {Outcome} */ outcome, /** @type {WordForm} */ form) =>
    void call.tick(peer, outcome, form),
  startWords: (/** @type {string} */ peer) => void call.startWords(peer),
  leave,
};

/** Nobody is left talking to a microphone that is off: on arrival, and after a reload, which leaves everything off. */
function remind() {
  if (own.microphone || !LIVE.has(root.dataset.mode ?? page.mode)) return;
  const speak = () => own.toggleMicrophone();
  notice("silent", word("silent"), "look", [button("tw-button tw-button-small", word("microphone-start"), speak)]);
}

/** @param {string} reason */
function over(reason) {
  own.stop();
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

// Before the call: the way to talk, the equipment check, the mirror, and the step into the waiting room.

let mode = /** @type {Mode} */ (page.mode);
/** @type {Found} */
let found = {};

function bindCheck() {
  drawMode();
  for (const start of ["check", "skip", "decline"]) for (const press of presses(start)) press.disabled = false;
  onPress("check", () => check());
  onPress(
    "skip",
    () => showing("check") && ready({ mode, key: LIVE.has(mode) ? "verdict-untested" : `verdict-${mode}` }),
  );
  onPress("decline", decline);
  onPress("back", () => show("view", "start"));
  onPress("arrive", arrive);
  onPress("microphone", followLevel);
  part("decline-form").addEventListener("submit", (event) => choose(/** @type {SubmitEvent} */ (event)));
  const borrow = async () => {
    const { borrowLooks } = await import("./looks.js");
    borrowLooks(own, call, part("looks-here"));
  };
  part("looks-ready").addEventListener("toggle", borrow, { once: true });
}

async function check() {
  const [{ runCheck }, { verdict }] = await Promise.all([import("./checkup.js"), import("../kit/verdict.js")]);
  show("view", "run");
  own.stop();
  found = await runCheck(call, needs(mode));
  ready(verdict(found, mode));
}

function arrive() {
  const company = /** @type {HTMLInputElement} */ (part("company")).value.trim();
  const { path, camera = false, microphone = false, speaker = false } = found;
  const needed = needs(mode);
  const seen = !needed.camera || found.camera !== undefined;
  const isWhole = seen && (!needed.microphone || found.speaker !== undefined);
  root.dataset.mode = mode;
  call.arrive({
    mode,
    check: path && isWhole ? { path, camera, microphone, speaker } : null,
    company: company ? [company] : [],
  });
  if (call.state.phase !== "room") show("section", "lobby");
}

function drawMode() {
  const needed = needs(mode);
  part("mode").textContent = word(`mode-${mode}`);
  part("decline").textContent = word(needed.camera ? "decline-video" : "decline-other");
  for (const device of /** @type {const} */ (["camera", "microphone"])) {
    for (const press of presses(device)) if (press.closest("[data-view]")) press.hidden = !needed[device];
  }
  part("preview-box").hidden = !needed.camera;
  part("mirror").hidden = !needed.microphone;
}

/** The sentence at the end of the check, the mode that will work, and the wished one for those who want it all the same.
 * @param {{mode: Mode, key: string}} decided */
function ready(decided) {
  const wanted = mode;
  mode = decided.mode;
  drawMode();
  part("verdict").textContent = word(decided.key);
  part("verdict-help").textContent = word(`${family(mode)}-help`);
  const insist = button("tw-button tw-button-quiet", word("verdict-insist", { mode: word(`mode-${wanted}`) }), () => {
    mode = wanted;
    ready({ mode, key: "verdict-untested" });
  });
  part("insist").replaceChildren(...(mode === wanted ? [] : [insist]));
  show("view", "ready");
}

async function decline() {
  const { offers } = await import("../kit/verdict.js");
  const choices = offers(mode, page.modes).map((other, place) => {
    const label = make("label", "tw-choice");
    const input = make("input", "", "", { type: "radio", name: "mode", value: other });
    input.checked = place === 0;
    label.append(input, " ", make("span", "tw-choice-name", word(`mode-${other}`)));
    return label;
  });
  part("next-modes").replaceChildren(...choices);
  show("view", "decline");
}

/** Uses the chosen way at once; the reason goes to the practice when it can be told. @param {SubmitEvent} event */
function choose(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
  mode = /** @type {Mode} */ (form.get("mode"));
  drawMode();
  show("view", "start");
  if (page.urls.decline) fetch(page.urls.decline, { method: "POST", body: form }).catch(() => undefined);
}

/** @type {ReturnType<typeof setInterval>|undefined} */
let ticking;

/** The level under the microphone button moves while somebody speaks before the call. */
function followLevel() {
  clearInterval(ticking);
  const meter = /** @type {HTMLMeterElement} */ (part("ready-level"));
  ticking = setInterval(() => {
    meter.hidden = own.microphone === null;
    meter.value = own.level();
    if (!showing("check")) clearInterval(ticking);
  }, 100);
}

/** @template T @param {string} type @param {(detail: T) => unknown} act */
const on = (type, act) => call.addEventListener(type, (event) => act(/** @type {CustomEvent<T>} */ (event).detail));
own.addEventListener("change", () => own.microphone && notice("silent", ""));
on("state", update);
on("track", showTrack);
on("problem", trouble);
on("ended", () => over("ended"));
on("quality", (/** @type {object} */ detail) => tidings("quality", detail));
on("notice", (/** @type {object} */ detail) => tidings("notice", detail));
for (const type of TALKED) {
  call.addEventListener(type, (event) => {
    if (/** @type {CustomEvent} */ (event).detail.purpose === "reading") return; // it stands beside its reading
    if (type === "file-offered") event.preventDefault();
    talking().then((desk) => desk.take(/** @type {CustomEvent} */ (event)));
  });
}
onPress("microphone", () => own.toggleMicrophone());
onPress("camera", () => own.toggleCamera());
onPress("screen", () => toggleScreen(own));
onPress("looks", async (opener) => (await import("./looks.js")).toggleLooks(own, call, opener));
onPress("chat", async () => (await talking()).toggle());
onPress("photo", async () => (await talking()).photo());
onPress("measure", async (opener) => {
  (await import("./bringing.js")).toggleDrawer(part("measure"), opener, page.urls.devices ?? "", call);
});
if (page.role === "clinician") {
  const look = () => part("measure").hidden && presses("measure")[0]?.click();
  call.addEventListener("readings", look, { once: true });
}
onPress("leave", leave);
onPress("return", () => location.reload());
if (isHost) {
  show("section", "call");
  (await import("./host.js")).bindHost(call);
} else {
  bindCheck();
}
root.dataset.bound = "true";
if (isHost) call.open();
else if (page.urls.here) history.replaceState(null, "", page.urls.here); // not the link, and a reload sends no form
update();
