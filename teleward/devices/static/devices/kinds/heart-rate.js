/** Heart rate and the times between beats; the twin of kinds/heart_rate/decoding.py. */
import { decimal, Frame, measured, refuse, short, value } from "./frame.js";

export const name = "heart-rate";
export const service = "180D";
export const characteristics = ["2A37"];

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  if (short(characteristic) !== "2A37") refuse("unknown-characteristic");
  const frame = new Frame(view);
  const flags = frame.u8();
  const rate = value("8867-4", decimal(flags & 1 ? frame.u16() : frame.u8()), "/min");
  if (flags & 8) frame.skip(2);
  const size = flags & 16 ? frame.left >> 1 : 0;
  const intervals = Array.from({ length: size }, () => value("8637-1", decimal(frame.u16()), "ms", "s/1024"));
  return measured({
    values: [rate, ...intervals.slice(0, 1)],
    flags: (flags & 6) === 4 ? ["no-skin-contact"] : [],
    more: intervals.slice(1).map((each) => measured({ values: [each] })),
  });
}
