/** Sugar under the skin; the twin of kinds/continuous_glucose/decoding.py. */
import { Frame, measured, refuse, short, value, words } from "./frame.js";

/** @typedef {import('./frame.js').Measured} Measured */

export const name = "continuous-glucose";
export const service = "181F";
export const characteristics = ["2AA7"];
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
