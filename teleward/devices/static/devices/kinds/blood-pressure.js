/** Blood pressure; the twin of kinds/blood_pressure/decoding.py. */
import { Frame, measured, moment, refuse, short, user, value, words } from "./frame.js";

export const name = "blood-pressure";
export const service = "1810";
export const characteristics = ["2A35"];
const STATUS = ["body-movement", "cuff-too-loose", "irregular-pulse", 0, 0, "wrong-position"];
const RANGE = ["", "pulse-above-range", "pulse-below-range", ""];

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  const named = short(characteristic);
  if (named !== "2A35" && named !== "2A36") refuse("unknown-characteristic");
  const said = measurement(new Frame(view));
  return named === "2A35" ? said : measured({ flags: ["measuring"] });
}

/** @param {Frame} frame */
function measurement(frame) {
  const flags = frame.u8();
  const unit = flags & 1 ? "kPa" : "mm[Hg]";
  const values = ["8480-6", "8462-4", "8478-0"].map((code) => value(code, frame.sfloat(), "mm[Hg]", unit));
  const at = flags & 2 ? frame.date() : null;
  if (flags & 4) values.push(value("8867-4", frame.sfloat(), "/min"));
  const [who, unknown] = flags & 8 ? user(frame.u8()) : [null, []];
  const status = flags & 16 ? frame.u16() : 0;
  const range = RANGE[(status >> 3) & 3] ?? "";
  const said = [...unknown, ...words(status, STATUS), range].filter(Boolean);
  return measured({ values, measured_at: moment(at), user: who, flags: said });
}
