/** Blood pressure; the twin of kinds/blood_pressure/decoding.py. */
import { Frame, measured, moment, refuse, short, user, value, words } from "./frame.js";

export const name = "blood-pressure";
export const service = "1810";
export const characteristics = ["2A35", "2B34"];
const [MEASUREMENTS, MEANWHILE] = [characteristics, ["2A36", "2B35"]];
const STATUS = ["body-movement", "cuff-too-loose", "irregular-pulse", 0, 0, "wrong-position"];
const RANGE = ["", "pulse-above-range", "pulse-below-range", ""];

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  const named = short(characteristic);
  const isMeasurement = MEASUREMENTS.includes(named);
  if (!isMeasurement && !MEANWHILE.includes(named)) refuse("unknown-characteristic");
  const said = measurement(new Frame(view), named.startsWith("2B"));
  return isMeasurement ? said : measured({ flags: ["measuring"] });
}

/** @param {Frame} frame @param {boolean} isEnhanced with times in seconds, the first of them UTC */
function measurement(frame, isEnhanced) {
  const flags = frame.u8();
  const unit = flags & 1 ? "kPa" : "mm[Hg]";
  const values = ["8480-6", "8462-4", "8478-0"].map((code) => value(code, frame.sfloat(), "mm[Hg]", unit));
  const time = flags & 2 ? (isEnhanced ? seconds(frame, flags)?.toISOString() : moment(frame.date())) : null;
  if (flags & 4) values.push(value("8867-4", frame.sfloat(), "/min"));
  const [who, unknown] = flags & 8 ? user(frame.u8()) : [null, []];
  const status = flags & 16 ? frame.u16() : 0;
  const shown = isEnhanced && flags & 32 ? seconds(frame, flags) : null;
  const range = RANGE[(status >> 3) & 3] ?? "";
  const said = [...unknown, ...words(status, STATUS), range].filter(Boolean);
  return measured({ values, measured_at: time ?? moment(shown && +shown), user: who, flags: said });
}

/** Since the year that is announced; 0 of a clock that was never set. @param {Frame} frame @param {number} flags */
function seconds(frame, flags) {
  const since = frame.u32();
  return since ? new Date(Date.UTC(flags & 64 ? 2000 : 1900, 0, 1) + since * 1000) : null;
}
