/**
 * Reading a Bluetooth frame, octet by octet; the twin of kinds/frame.py and kinds/amounts.py. Numbers are decimals made
 * of mantissa and exponent: a binary fraction would make 18.9 kPa 18.900000000000002.
 *
 * @typedef {{m: bigint, e: number}|string} Num mantissa and exponent; or the word for why there is no number
 * @typedef {{code: string, unit: string, value?: string, absent?: string, original?: {value: string, unit: string}}} Value
 * @typedef {{hertz: number, factor: string, unit: string, leads: number[][]}} Waveform
 * @typedef {{values: Value[], measured_at: string|null, sequence: number|null, user: number|null, flags: string[],
 *   waveform: Waveform|null, more: Measured[]}} Measured `measured_at` without a zone is the time of the place
 */

/** A frame that is none of this kind; `reason` is a stable word. */
export class Unreadable extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** @param {string} reason @returns {never} */
export function refuse(reason) {
  throw new Unreadable(reason);
}

/** `2A35` for each way to write 0x2A35; another UUID in small letters. @param {string} name */
export function short(name) {
  const said = name.toLowerCase();
  const number = /^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/.exec(said)?.[1] ?? said;
  return number.length === 4 ? number.toUpperCase() : number;
}

/** @param {Partial<Measured>} said @returns {Measured} */
export const measured = (said) => ({
  ...{ values: [], measured_at: null, sequence: null, user: null, flags: [], waveform: null, more: [] },
  ...said,
});

export class Frame {
  at = 0;

  /** @param {DataView} view */
  constructor(view) {
    if (view.byteLength > 512) refuse("too-long");
    this.view = view;
  }

  get left() {
    return this.view.byteLength - this.at;
  }

  /** Where the next octets begin. @param {number} size */
  skip(size) {
    if (this.left < size) refuse("too-short");
    this.at += size;
    return this.at - size;
  }

  u8 = () => this.view.getUint8(this.skip(1));
  i8 = () => this.view.getInt8(this.skip(1));
  u16 = () => this.view.getUint16(this.skip(2), true);
  i16 = () => this.view.getInt16(this.skip(2), true);
  sfloat = () => number(this.u16(), 12, 4);
  u32 = () => this.view.getUint32(this.skip(4), true);
  float = () => number(this.u32(), 24, 8);

  /** The device's local date and time in milliseconds as if it were UTC; null where it does not know the date. */
  date() {
    const year = this.u16();
    const [month, ...rest] = Array.from({ length: 5 }, this.u8);
    const parts = /** @type {[number, number, number, number]} */ (rest);
    if (!year || !month || !parts[0]) return null;
    const at = Date.UTC(year, month - 1, ...parts);
    const said = [year, month, ...parts].map((part) => String(part).padStart(2, "0"));
    const told = new Date(at || 0).toISOString().slice(0, 19).split(/\D/);
    return year >= 1582 && told.join() === said.join() ? at : refuse("impossible-date");
  }
}

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A moment as it travels, without a zone. @param {number|null} at @param {number} [minutes] later */
export function moment(at, minutes = 0) {
  if (at === null) return null;
  const shifted = at + minutes * 60_000;
  return shifted <= LAST ? new Date(shifted).toISOString().slice(0, 19) : refuse("impossible-date");
}

// Distance from the lowest mantissa, with exponent 0: IEEE 11073-20601, annex F
const SPECIAL = new Map([
  [-1, "not-a-number"],
  [0, "not-at-this-resolution"],
  [-2, "positive-infinity"],
  [2, "negative-infinity"],
  [1, "reserved"],
]);

/** @param {number} raw @param {number} mantissa bits @param {number} exponent bits @returns {Num} */
function number(raw, mantissa, exponent) {
  const top = 2 ** mantissa;
  const special = SPECIAL.get(raw - top / 2);
  return special ?? decimal(signed(raw % top, mantissa), signed(Math.floor(raw / top), exponent));
}

/** @param {number} value @param {number} bits */
const signed = (value, bits) => (value >= 2 ** (bits - 1) ? value - 2 ** bits : value);

/** @param {number} m @param {number} e @returns {Num} */
export const decimal = (m, e = 0) => ({ m: BigInt(m), e });

/** @type {Record<string, [bigint, bigint, bigint, number]|number>} times, by, plus, digits; or tens, which are exact */
const CONVERSIONS = {
  "kPa mm[Hg]": [10n ** 12n, 133322387415n, 0n, 0],
  "kg/L mg/dL": 5,
  "mol/L mg/dL": [180156n, 10n, 0n, 0],
  "[degF] Cel": [5n, 9n, -32n, 2],
  "[lb_av] kg": [45359237n, 10n ** 8n, 0n, 2],
  "m cm": 2,
  "[in_i] cm": [254n, 100n, 0n, 1],
  "s/1024 ms": [1000n, 1024n, 0n, 2],
};

/** @param {string} code @param {Num} num @param {string} unit @param {string} [from] the unit of `num` @returns {Value} */
export function value(code, num, unit, from = unit) {
  if (typeof num === "string") return { code, unit, absent: num };
  if (from === unit) return { code, unit, value: text(num) };
  const how = CONVERSIONS[`${from} ${unit}`] ?? 0;
  const told = typeof how === "number" ? { m: num.m, e: num.e + how } : converted(num, how);
  return { code, unit, value: text(told), original: { value: text(num), unit: from } };
}

/** @param {{m: bigint, e: number}} num @param {[bigint, bigint, bigint, number]} how */
function converted({ m, e }, [times, by, plus, digits]) {
  const below = 10n ** BigInt(Math.max(-e, 0));
  const exact = (m * 10n ** BigInt(Math.max(e, 0)) + plus * below) * times * 10n ** BigInt(digits);
  const whole = below * by;
  const nearest = (2n * (exact < 0n ? -exact : exact) + whole) / (2n * whole);
  return { m: exact < 0n ? -nearest : nearest, e: -digits };
}

/** @param {{m: bigint, e: number}} num */
function text({ m, e }) {
  if (e < -12 || (m && e > 12)) refuse("out-of-scale"); // before it becomes a very long text
  const all = String(m < 0n ? -m : m).padStart(1 - e, "0");
  const said = e < 0 ? `${all.slice(0, e)}.${all.slice(e)}` : m && all + "0".repeat(e);
  const plain = `${m < 0n ? "-" : ""}${said}`;
  return /^-?\d{1,12}(\.\d{1,12})?$/.test(plain) ? plain : refuse("out-of-scale");
}

/** The names of the bits that are set, each once. @param {number} bits @param {(string|number)[]} names by bit */
export const words = (bits, names) => [...new Set(names.filter((name, bit) => name && (bits >> bit) & 1))].map(String);

/** Whose turn it was on a device of several people. @param {number} number @returns {[number|null, string[]]} */
export const user = (number) => (number === 255 ? [null, ["unknown-user"]] : [number, []]);
