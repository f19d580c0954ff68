/** Oxygen in the blood, once or all the time; the twin of kinds/pulse_oximeter/decoding.py. */
import { Frame, measured, moment, refuse, short, value, words } from "./frame.js";

/** @typedef {import('./frame.js').Value} Value */

export const name = "pulse-oximeter";
export const service = "1822";
export const characteristics = ["2A5E", "2A5F"];
const MEASUREMENT_STATUS = [
  ...[0, 0, 0, 0, 0, "measuring", "early-estimate", 0, 0, "from-storage", 0, 0, "calibrating"],
  ...["measurement-unavailable", "questionable-measurement", "invalid-measurement"],
];
const SENSOR_STATUS = [
  ...[0, "sensor-malfunction", "signal-irregular", "signal-inadequate", "signal-poor", "low-perfusion"],
  ...["signal-erratic", "signal-without-pulse", "questionable-pulse", 0, "sensor-interference"],
  ...["sensor-disconnected", "unknown-sensor", "sensor-displaced", "sensor-malfunction", "sensor-disconnected"],
];
const NOT_OF_A_PERSON = (1 << 10) | (1 << 11);
const NO_MEASUREMENT = (1 << 13) | (1 << 15);

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  const named = short(characteristic);
  if (named === "2A5E") return spot(new Frame(view));
  return named === "2A5F" ? continuous(new Frame(view)) : refuse("unknown-characteristic");
}

/** @param {Frame} frame */
function spot(frame) {
  const flags = frame.u8();
  const values = pair(frame);
  const at = flags & 1 ? frame.date() : null;
  const [status, said] = statuses(frame, flags >> 1);
  values.push(...perfusion(frame, flags & 8));
  const unset = flags & 16;
  return measured({
    values: valid(values, status),
    measured_at: unset ? null : moment(at),
    flags: unset ? [...said, "clock-not-set"] : said,
  });
}

/** @param {Frame} frame */
function continuous(frame) {
  const flags = frame.u8();
  const values = pair(frame);
  frame.skip(4 * (flags & 1) + 2 * (flags & 2)); // the fast and the slow average
  const [status, said] = statuses(frame, flags >> 2);
  values.push(...perfusion(frame, flags & 16));
  return measured({ values: valid(values, status), flags: said });
}

/** @param {Frame} frame */
const pair = (frame) => [value("59408-5", frame.sfloat(), "%"), value("8867-4", frame.sfloat(), "/min")];

/** @param {Frame} frame @param {number} there */
const perfusion = (frame, there) => (there ? [value("61006-3", frame.sfloat(), "%")] : []);

/** @param {Frame} frame @param {number} flags @returns {[number, string[]]} */
function statuses(frame, flags) {
  const status = flags & 1 ? frame.u16() : 0;
  const sensor = flags & 2 ? frame.u16() : 0;
  if (flags & 2) frame.skip(1);
  if (status & NOT_OF_A_PERSON) refuse("not-of-a-person");
  return [status, [...words(status, MEASUREMENT_STATUS), ...words(sensor, SENSOR_STATUS)]];
}

/** A number of which the device says that it is none is not shown as one. @param {Value[]} values @param {number} status */
const valid = (values, status) =>
  status & NO_MEASUREMENT ? values.map(({ code, unit }) => ({ code, unit, absent: "not-a-number" })) : values;
