// Before the call: the way to talk, the equipment check, the mirror, and the step into the waiting room.

import { button, make, onPress, page, part, presses, root, show, showing, word } from "./page.js";
import { family, LIVE, needs } from "./sentence.js";

/** @typedef {import('./own.js').Own} Own */
/** @typedef {import('../call/types.js').Mode} Mode */
/** @typedef {import('../call/call.js').Call} Call */
/** @typedef {import('../kit/verdict.js').Found} Found */

let mode = /** @type {Mode} */ (page.mode);
/** @type {Found} */
let found = {};

/** @param {Call} call @param {() => Promise<Own>} mine my devices, loaded when they are first needed */
export function bindCheck(call, mine) {
  drawMode();
  for (const start of ["check", "skip", "decline"]) for (const press of presses(start)) press.disabled = false;
  onPress("check", () => check(call, mine));
  onPress(
    "skip",
    () => showing("check") && ready({ mode, key: LIVE.has(mode) ? "verdict-untested" : `verdict-${mode}` }),
  );
  onPress("decline", decline);
  onPress("back", () => show("view", "start"));
  onPress("arrive", () => arrive(call));
  onPress("microphone", async () => followLevel(await mine()));
  part("decline-form").addEventListener("submit", (event) => choose(/** @type {SubmitEvent} */ (event)));
  const borrow = async () => {
    const { borrowLooks } = await import("./looks.js");
    borrowLooks(await mine(), call, part("looks-here"));
  };
  part("looks-ready").addEventListener("toggle", borrow, { once: true });
}

/** @param {Call} call @param {() => Promise<Own>} mine */
async function check(call, mine) {
  const [{ runCheck }, { verdict }] = await Promise.all([import("./checkup.js"), import("../kit/verdict.js")]);
  show("view", "run");
  (await mine()).stop();
  found = await runCheck(call, needs(mode));
  ready(verdict(found, mode));
}

/** @param {Call} call */
function arrive(call) {
  const company = /** @type {HTMLInputElement} */ (part("company")).value.trim();
  const { path, camera = false, microphone = false, speaker = false } = found;
  root.dataset.mode = mode;
  call.arrive({
    mode,
    check: path ? { path, camera, microphone, speaker } : null,
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

/** The level under the microphone button moves while somebody speaks before the call. @param {Own} own */
function followLevel(own) {
  clearInterval(ticking);
  const meter = /** @type {HTMLMeterElement} */ (part("ready-level"));
  ticking = setInterval(() => {
    meter.hidden = own.microphone === null;
    meter.value = own.level();
    if (!showing("check")) clearInterval(ticking);
  }, 100);
}
