/** Heart currents, in frames of our own (docs/reference/ecg-frames.md); the twin of kinds/ecg/decoding.py. */
import { Frame, measured, refuse, short } from "./frame.js";

export const name = "ecg";
export const service = "74656c65-7761-7264-8001-000000000000";
export const characteristics = ["74656c65-7761-7264-8001-000000000001"];
const HEADER = 16;
const RATES = new Set([100, 125, 128, 200, 250, 256, 500, 512, 1000]);
const LATEST = 253402300800000;
const NO_CONTACT = -32768;

/** @param {string} characteristic @param {DataView} view */
export function decode(characteristic, view) {
  if (short(characteristic) !== characteristics[0]) refuse("unknown-characteristic");
  const { sequence, at, hertz, leads } = read(view);
  return measured({
    measured_at: new Date(Math.floor(at)).toISOString(),
    sequence,
    flags: leads.some((lead) => lead.includes(NO_CONTACT)) ? ["no-skin-contact"] : [],
    waveform: { hertz, factor: "0.001", unit: "mV", leads: leads.map((lead) => [...lead]) },
  });
}

/** The frame without copies of more than its samples: thousandths of a millivolt, lead after lead. @param {DataView} view */
export function read(view) {
  const frame = new Frame(view);
  frame.skip(HEADER);
  const hertz = view.getUint16(14, true);
  if (!RATES.has(hertz)) refuse("unknown-rate");
  const [many, samples] = [view.getUint8(12), view.getUint8(13)];
  if (many < 1 || many > 3 || samples === 0) refuse("wrong-leads");
  if (frame.left !== 2 * many * samples) refuse("wrong-size");
  const lead = () => Int16Array.from({ length: samples }, frame.i16);
  const leads = Array.from({ length: many }, lead);
  const at = view.getFloat64(4, true);
  if (!(at >= 0 && at < LATEST)) refuse("impossible-date");
  return { sequence: view.getUint32(0, true), at, hertz, leads };
}
