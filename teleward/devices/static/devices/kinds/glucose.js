/** Sugar in the blood, and what was said about it; the twin of kinds/glucose/decoding.py and context.py. */
import { Frame, measured, moment, refuse, short, value, words } from "./frame.js";

export const name = "glucose";
export const service = "1808";
export const characteristics = ["2A18", "2A34"];
const CONTROL = 10;
const WHOLE = "whole-blood";
const SAMPLES = [
  ...["", `capillary-${WHOLE}`, "capillary-plasma", `venous-${WHOLE}`, "venous-plasma", `arterial-${WHOLE}`],
  ...["arterial-plasma", `undetermined-${WHOLE}`, "undetermined-plasma", "interstitial-fluid"],
];
const PLACES = ["", "from-finger", "from-other-place", "from-earlobe"];
const STATUS = [
  ...["battery-low", "sensor-malfunction", "sample-too-small", "strip-inserted-wrongly", "strip-of-another-kind"],
  ...["above-range", "below-range", "sensor-too-hot", "sensor-too-cold", "strip-pulled-too-soon", "general-fault"],
  "time-fault",
];
const FOODS = ["", "breakfast", "lunch", "dinner", "snack", "drink", "supper", "brunch"];
const MEALS = ["", "before-meal", "after-meal", "fasting", "casual", "bedtime"];
const TESTERS = ["", "tested-by-oneself", "tested-by-professional", "tested-in-laboratory"];
const HEALTH = ["", "slightly-ill", "seriously-ill", "menses", "stress", "well"];
const DRUGS = ["", "rapid-acting", "short-acting", "intermediate-acting", "long-acting", "premixed"];

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  const named = short(characteristic);
  if (named === "2A18") return measurement(new Frame(view));
  return named === "2A34" ? context(new Frame(view)) : refuse("unknown-characteristic");
}

/** @param {Frame} frame */
function measurement(frame) {
  const flags = frame.u8();
  const sequence = frame.u16();
  const base = frame.date();
  const at = moment(base, flags & 1 ? frame.i16() : 0);
  const [values, sample] = flags & 2 ? concentration(frame, flags & 4) : [[], []];
  const status = flags & 8 ? words(frame.u16(), STATUS) : [];
  const follows = flags & 16 ? ["context-follows"] : [];
  return measured({ values, measured_at: at, sequence, flags: [...sample, ...status, ...follows] });
}

/** @param {Frame} frame @param {number} moles @returns {[import('./frame.js').Value[], string[]]} */
function concentration(frame, moles) {
  const glucose = value("41653-7", frame.sfloat(), "mg/dL", moles ? "mol/L" : "kg/L");
  const about = frame.u8();
  if ((about & 15) === CONTROL) refuse("not-of-a-person");
  return [[glucose], said(SAMPLES[about & 15], PLACES[about >> 4])];
}

/** @param {Frame} frame */
function context(frame) {
  const flags = frame.u8();
  const sequence = frame.u16();
  if (flags & 128) frame.skip(1);
  const food = flags & 1 ? FOODS[first(frame)] : "";
  const meal = flags & 2 ? MEALS[frame.u8()] : "";
  const people = flags & 4 ? frame.u8() : 0;
  const exercise = flags & 8 ? frame.skip(3) && "exercise" : "";
  const drug = flags & 16 ? DRUGS[first(frame)] : "";
  if (flags & 64) frame.skip(2);
  const told = said(food, meal, TESTERS[people & 15], HEALTH[people >> 4], exercise, drug && `${drug}-insulin`);
  return measured({ sequence, flags: told });
}

/** What it was, of what it was and how much. @param {Frame} frame */
const first = (frame) => frame.view.getUint8(frame.skip(3));

/** @param {(string|number|undefined)[]} all */
const said = (...all) => all.filter(Boolean).map(String);
