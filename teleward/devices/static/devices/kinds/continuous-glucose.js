/** Sugar under the skin; the twin of kinds/continuous_glucose/{decoding,session}.py. */
import { Frame, measured, moment, refuse, short, value, words } from "./frame.js";

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

export const before = ["2AA8", "2AAA", "2AAB"];
const SUMMER = /** @type {Record<number, number>} */ ({ 0: 0, 2: 30, 4: 60, 8: 120 }); // minutes; 255 is not known

/** For one connection: what the sensor says beforehand dates its records, which know only their minute. */
export function begin() {
  const session = new Session();
  const ways = /** @type {Record<string, (view: DataView) => Measured>} */ ({
    "2AA7": session.records,
    "2AA8": session.feature,
    "2AAA": session.begun,
    "2AAB": session.lasts,
  });
  return (/** @type {string} */ characteristic, /** @type {DataView} */ view) =>
    (ways[short(characteristic)] ?? unknown)(view);
}

/** One frame of a sensor of which nothing else is known. @param {string} characteristic @param {DataView} view */
export const decode = (characteristic, view) => begin()(characteristic, view);

const unknown = () => refuse("unknown-characteristic");

class Session {
  /** @type {boolean|null} */ #isSummed = null;
  #isOfAPerson = true;
  /** @type {{at: number, isUtc: boolean}|null} */ #start = null;
  #most = Number.POSITIVE_INFINITY;
  #newest = 0;

  /** @param {DataView} view */
  records = (view) => {
    const found = recordsOf(view, this.#isSummed);
    if (!this.#isOfAPerson) refuse("not-of-a-person");
    const [first, ...more] = found.map(this.#dated);
    return measured({ ...first, more });
  };

  /** @param {DataView} view */
  feature = (view) => {
    [this.#isSummed, this.#isOfAPerson] = [null, true];
    const frame = new Frame(view);
    const [bits, about, sum] = [frame.u16(), frame.u16() >> 8, frame.u16()];
    if (frame.left) refuse("wrong-size");
    const isSummed = (bits & 0x1000) > 0;
    if (isSummed || sum !== 0xffff) check(view);
    this.#isSummed = isSummed;
    this.#isOfAPerson = (about & 15) !== 10 && about >> 4 !== 4; // control solution, and its place
    return measured({});
  };

  /** @param {DataView} view */
  begun = (view) => {
    [this.#start, this.#newest] = [null, 0];
    const frame = this.#whole(view, 9);
    const [at, zone, code] = [frame.date(), frame.i8(), frame.u8()];
    const summer = SUMMER[code] ?? Number.NaN;
    const isUtc = zone >= -48 && zone <= 56 && summer >= 0; // in quarters of an hour; -128 is none
    const shift = isUtc ? -15 * zone - summer : 0;
    if (at !== null && moment(at, shift)) this.#start = { at: at + shift * 60_000, isUtc };
    return measured({ measured_at: this.#time(0) });
  };

  /** @param {DataView} view */
  lasts = (view) => {
    this.#most = Number.POSITIVE_INFINITY;
    this.#most = 60 * this.#whole(view, 2).u16();
    return measured({});
  };

  /** A minute before the last one is of another session. @param {Measured} record */
  #dated = (record) => {
    const minute = record.sequence ?? 0;
    if (minute < this.#newest) this.#start = null;
    this.#newest = minute;
    if (!this.#start) record.flags.push("start-unknown");
    if (minute > this.#most) record.flags.push("session-over");
    record.measured_at = this.#time(minute);
    return record;
  };

  /** @param {number} minute */
  #time = (minute) => this.#start && `${moment(this.#start.at, minute)}${this.#start.isUtc ? ".000Z" : ""}`;

  /** The fields alone; their checksum has to be there if the sensor says so, and to hold.
   * @param {DataView} view @param {number} size */
  #whole(view, size) {
    const frame = new Frame(view);
    frame.skip(size);
    const { left } = frame;
    if ((left !== 0 && left !== 2) || (this.#isSummed ?? left > 0) !== left > 0) refuse("wrong-size");
    if (left) check(view);
    frame.at = 0;
    return frame;
  }
}

/** @param {DataView} view @param {boolean|null} isSummed as the sensor says */
function recordsOf(view, isSummed) {
  const frame = new Frame(view);
  const found = [];
  do found.push(record(cut(frame), isSummed));
  while (frame.left);
  return found;
}

/** @param {Frame} frame */
function cut(frame) {
  const size = frame.u8();
  if (size < 6) refuse("wrong-size");
  const begins = frame.view.byteOffset + frame.skip(size - 1) - 1;
  return new DataView(frame.view.buffer, begins, size);
}

/** @param {DataView} view @param {boolean|null} isSummed */
function record(view, isSummed) {
  const frame = new Frame(view);
  const flags = frame.u16() >> 8;
  const glucose = value("99504-3", frame.sfloat(), "mg/dL");
  const sequence = frame.u16();
  const said = ANNUNCIATION.flatMap(([bit, names]) => (flags & bit ? words(frame.u8(), names) : []));
  const values = [glucose];
  if (flags & 1) values.push(value("8418008", frame.sfloat(), "mg/dL/min")); // how fast it changes
  if (flags & 2) values.push(value("glucose-quality", frame.sfloat(), "%"));
  const { left } = frame;
  if ((left !== 0 && left !== 2) || (left && isSummed === false)) refuse("wrong-size");
  if (isSummed && !left) refuse("no-checksum");
  if (left) check(view);
  return measured({ values, sequence, flags: [...new Set(said)] });
}

/** @param {DataView} view */
function check(view) {
  if (checksum(view) !== view.getUint16(view.byteLength - 2, true)) refuse("wrong-checksum");
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
