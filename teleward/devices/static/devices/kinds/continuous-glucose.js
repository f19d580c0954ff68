/** Sugar under the skin; the twin of kinds/continuous_glucose/decoding.py. */
import { Frame, measured, moment, refuse, short, value, words } from "./frame.js";

/** @typedef {import('./frame.js').Measured} Measured */

export const name = "continuous-glucose";
export const service = "181F";
export const characteristics = ["2AA7"];
/** When the session began: to be read before. */
export const start = "2AAA";
/** @type {[number, string[]][]} the octets of the annunciation, each of which may be missing, in their order */
const ANNUNCIATION = [
  [
    128,
    [
      ...["session-stopped", "battery-low", "sensor-of-another-kind"],
      ...["sensor-malfunction", "device-alert", "general-fault"],
    ],
  ],
  [
    64,
    [
      ...["time-not-set", "calibration-not-allowed", "calibration-recommended"],
      ...["calibration-required", "sensor-too-hot", "sensor-too-cold"],
    ],
  ],
  [
    32,
    [
      ...["below-patient-low", "above-patient-high", "below-hypo", "above-hyper"],
      ...["falling-fast", "rising-fast", "below-range", "above-range"],
    ],
  ],
];

/** @param {string} characteristic @param {DataView} view @returns {Measured} */
export function decode(characteristic, view) {
  if (short(characteristic) !== "2AA7") refuse("unknown-characteristic");
  const frame = new Frame(view);
  const first = record(cut(frame));
  while (frame.left) first.more.push(record(cut(frame)));
  return first;
}

/** When the session began: with Z where the sensor knows its zone, null where it does not know the date.
 * @param {DataView} view */
export function started(view) {
  const frame = new Frame(view);
  const date = frame.date();
  const quarters = frame.i8();
  const summer = frame.u8();
  if (date === null || quarters === -128 || quarters < -48 || quarters > 56 || ![0, 2, 4, 8].includes(summer))
    return moment(date);
  return `${moment(date, -15 * (quarters + summer))}Z`;
}

/** The record with its moment, by when the session began. @param {Measured} one @param {string|null} began
 * @returns {Measured} */
export function dated(one, began) {
  const zone = began?.endsWith("Z") ? "Z" : "";
  const at = began && moment(Date.parse(`${began.slice(0, 19)}Z`), one.sequence ?? 0) + zone;
  return { ...one, measured_at: at, more: one.more.map((each) => dated(each, began)) };
}

/** @param {Frame} frame */
function cut(frame) {
  const size = frame.u8();
  if (size < 6) refuse("wrong-size");
  const begin = frame.view.byteOffset + frame.skip(size - 1) - 1;
  return new DataView(frame.view.buffer, begin, size);
}

/** @param {DataView} view */
function record(view) {
  const frame = new Frame(view);
  const flags = frame.u16() >> 8;
  const glucose = value("99504-3", frame.sfloat(), "mg/dL");
  const sequence = frame.u16();
  const said = ANNUNCIATION.flatMap(([bit, names]) => (flags & bit ? words(frame.u8(), names) : []));
  frame.skip(2 * (flags & 1) + (flags & 2)); // trend and quality
  if (frame.left !== 0 && frame.left !== 2) refuse("wrong-size");
  if (frame.left && checksum(view) !== frame.u16()) refuse("wrong-checksum");
  return measured({ values: [glucose], sequence, flags: [...new Set(said)] });
}

/** CRC-16/MCRF4XX over all but the last two octets. @param {DataView} view */
function checksum(view) {
  let crc = 0xffff;
  for (let at = 0; at < view.byteLength - 2; at += 1) {
    crc ^= view.getUint8(at);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc;
}
