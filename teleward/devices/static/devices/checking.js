/**
 * What may be shown of what another browser says about measurements. Nothing is repaired: a message that is not exactly
 * what it should be is refused with a word that docs/reference/live-readings.md explains.
 *
 * @typedef {{code: string, unit: string, lowest: string, highest: string, digits?: number}} Quantity
 * @typedef {{name: string, stale_after: number, quantities: Quantity[]}} Kind limits as the page got them from the server
 * @typedef {{code: string, value?: string, unit?: string, absent?: string,
 *   original?: {value: string, unit: string}}} Value
 * @typedef {{id: string, kind: string, sequence: number, source: 'device'|'typed', measured_at: string|null,
 *   received_at: string, values: Value[], device: Record<string, string>, user: number|null, flags: string[],
 *   waveform: object|null}} Reading
 * @typedef {{sequence: number, at: number, leads: number, samples: number, hertz: number, frame: DataView}} Wave
 */

export const STATES = new Set(["connecting", "connected", "measuring", "out-of-range", "disconnected", "stopped"]);
const SOURCES = new Set(["device", "typed"]);
export const UNTIL = new Set(["stop", "end"]);
export const ABSENT = new Set([
  "not-a-number",
  "not-at-this-resolution",
  "positive-infinity",
  "negative-infinity",
  "reserved",
]);
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DECIMAL = /^-?(0|[1-9]\d{0,11})(\.\d{1,12})?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
const WORD = /^[a-z0-9][a-z0-9-]{0,39}$/;
const ABOUT_DEVICE = ["maker", "model", "serial", "system_id", "firmware"];
const NAMES = 16; // bytes of the sharing and of the pairing before a frame
const HEADER = 16;
const RATES = new Set([100, 125, 128, 200, 250, 256, 500, 512, 1000]);

/** Why something is not shown. */
export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @param {unknown} holds @param {string} [code] @returns {asserts holds} */
export function must(holds, code = "malformed") {
  if (!holds) throw new Refused(code);
}

/** @param {unknown} text */
export const isId = (text) => typeof text === "string" && ID.test(text);

/** @param {unknown} text */
const isInstant = (text) => typeof text === "string" && INSTANT.test(text) && !Number.isNaN(Date.parse(text));

/** @param {unknown} text @param {number} longest */
const isShort = (text, longest) => typeof text === "string" && text.length > 0 && text.length <= longest;

/**
 * @param {any} said @param {Kind} kind of the pairing it came over @returns {Reading}
 * @throws {Refused} malformed, kind, values
 */
export function readReading(said, kind) {
  must(said && typeof said === "object" && isId(said.id));
  const { id, sequence = 0, source, measured_at = null, received_at, user = null } = said;
  must(said.kind === kind.name, "kind");
  must(Number.isSafeInteger(sequence) && sequence >= 0 && SOURCES.has(source));
  must(isInstant(received_at) && (measured_at === null || isInstant(measured_at)));
  must(user === null || (Number.isInteger(user) && user >= 0 && user <= 255));
  const waveform = said.waveform && typeof said.waveform === "object" ? said.waveform : null;
  const values = readValues(said.values, kind, waveform !== null);
  const about = { device: readDevice(said.device ?? {}), flags: readFlags(said.flags ?? []) };
  return { id, kind: kind.name, sequence, source, measured_at, received_at, values, user, ...about, waveform };
}

/** @param {any} said @param {Kind} kind @param {boolean} mayBeNone @returns {Value[]} */
function readValues(said, kind, mayBeNone) {
  must(Array.isArray(said) && said.length <= 12 && (mayBeNone || said.length > 0), "values");
  return said.map((one) => readValue(one, kind));
}

/** @param {any} one @param {Kind} kind @returns {Value} */
function readValue(one, kind) {
  const quantity = kind.quantities.find(({ code }) => code === one?.code);
  must(quantity, "values");
  const { code, value, unit, absent, original } = one;
  if (absent !== undefined) {
    must(ABSENT.has(absent) && value === undefined, "values");
    return { code, absent };
  }
  must(typeof value === "string" && DECIMAL.test(value) && unit === quantity.unit, "values");
  if (original === undefined || original === null) return { code, value, unit };
  must(DECIMAL.test(String(original.value)) && isShort(original.unit, 20), "values");
  return { code, value, unit, original: { value: String(original.value), unit: original.unit } };
}

/** @param {any} said @returns {Record<string, string>} */
function readDevice(said) {
  must(typeof said === "object" && !Array.isArray(said));
  const told = ABOUT_DEVICE.filter((field) => said[field]);
  must(told.every((field) => isShort(said[field], 120)));
  return Object.fromEntries(told.map((field) => [field, said[field]]));
}

/** @param {any} said @returns {string[]} */
function readFlags(said) {
  must(Array.isArray(said) && said.length <= 24 && said.every((flag) => WORD.test(flag)));
  return said;
}

/** @param {any} kinds @param {Record<string, Kind>} known @returns {string[]} */
export function readKinds(kinds, known) {
  must(Array.isArray(kinds) && kinds.length > 0 && kinds.length <= 20);
  must(
    kinds.every((kind) => typeof kind === "string" && Object.hasOwn(known, kind)),
    "kind",
  );
  return kinds;
}

/** @param {string|ArrayBuffer} data @returns {{sharing: string, pairing: string, wave: Wave}} @throws {Refused} malformed */
export function readNamedFrame(data) {
  must(data instanceof ArrayBuffer && data.byteLength > 2 * NAMES + HEADER);
  const names = [0, NAMES].map((at) => idOf(new Uint8Array(data, at, NAMES)));
  const [sharing = "", pairing = ""] = names;
  return { sharing, pairing, wave: readFrame(new DataView(data, 2 * NAMES)) };
}

/** @param {DataView} frame @returns {Wave} @throws {Refused} malformed */
export function readFrame(frame) {
  must(frame.byteLength > HEADER);
  const [sequence, at] = [frame.getUint32(0, true), frame.getFloat64(4, true)];
  const [leads, samples, hertz] = [frame.getUint8(12), frame.getUint8(13), frame.getUint16(14, true)];
  must(Number.isFinite(at) && leads >= 1 && leads <= 3 && samples >= 1);
  must(RATES.has(hertz) && frame.byteLength === HEADER + 2 * leads * samples);
  return { sequence, at, leads, samples, hertz, frame };
}

/** @param {Uint8Array} bytes */
function idOf(bytes) {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
