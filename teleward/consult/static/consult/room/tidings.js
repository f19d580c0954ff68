// News during a call that asks for nothing but a look: a slower picture, a refusal, a withdrawn consent.

import { button, hasWord, notice, word } from "./page.js";

/** @typedef {import("../call/call.js").Call} Call */
/** @typedef {{mode?: string, code?: string, kind?: string}} News */
/** @type {Record<string, (news: News, call: Call) => void>} */
const TELL = { quality, problem, notice: told };

/** @param {string} kind @param {News} news @param {Call} call */
export const tell = (kind, news, call) => TELL[kind]?.(news, call);

/** A picture that was stopped for a slow connection comes back only when the person asks.
 * @param {News} news @param {Call} call */
function quality({ mode }, call) {
  const again = () => {
    notice("quality", "");
    call.setMode("video");
  };
  const text = hasWord(`quality-${mode}`) ? word(`quality-${mode}`) : "";
  const press = button("tw-button tw-button-second tw-button-small", word("quality-again"), again);
  notice("quality", text, "look", mode === "low-video" ? [] : [press]);
}

/** @param {News} news */
function problem({ code = "" }) {
  const text = word(hasWord(code) ? code : "problem-unknown", { code });
  notice("problem", text, "look", [closing("problem")]);
}

/** @param {News} news */
function told({ kind = "" }) {
  if (hasWord(`notice-${kind}`)) notice(kind, word(`notice-${kind}`), "look", [closing(kind)]);
}

/** @param {string} name */
const closing = (name) => button("tw-button tw-button-quiet", word("notice-close"), () => notice(name, ""));
