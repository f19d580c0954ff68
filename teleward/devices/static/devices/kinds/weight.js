/** Body weight; the twin of kinds/weight/decoding.py. */
import { decimal, Frame, measured, moment, refuse, short, user, value } from "./frame.js";

export const name = "weight";
export const service = "181D";
export const characteristics = ["2A9D"];
const UNSUCCESSFUL = 0xffff;

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  if (short(characteristic) !== "2A9D") refuse("unknown-characteristic");
  const frame = new Frame(view);
  const flags = frame.u8();
  const raw = frame.u16();
  const at = flags & 2 ? frame.date() : null;
  const [who, unknown] = flags & 4 ? user(frame.u8()) : [null, []];
  const build = flags & 8 ? built(frame, flags & 1) : [];
  const failed = raw === UNSUCCESSFUL;
  return measured({
    values: [weight(failed ? null : raw, flags & 1), ...build],
    measured_at: moment(at),
    user: who,
    flags: failed ? [...unknown, "unsuccessful"] : unknown,
  });
}

/** In steps of 0.005 kg or 0.01 lb. @param {number|null} raw @param {number} pounds */
function weight(raw, pounds) {
  const steps = pounds ? decimal(raw ?? 0, -2) : decimal((raw ?? 0) * 5, -3);
  return value("29463-7", raw === null ? "not-a-number" : steps, "kg", pounds ? "[lb_av]" : "kg");
}

/** @param {Frame} frame @param {number} inches */
function built(frame, inches) {
  const index = value("39156-5", decimal(frame.u16(), -1), "kg/m2");
  return [index, value("8302-2", decimal(frame.u16(), inches ? -1 : -3), "cm", inches ? "[in_i]" : "m")];
}
