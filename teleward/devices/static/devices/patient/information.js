// What a device says of itself: its maker, model and number (180A), and how full its battery is (180F). All of it may be
// missing; nothing is asked twice.

/** @typedef {import('./types.js').Facts} Facts */

export const INFORMATION = 0x180a;
export const BATTERY = 0x180f;
const [SYSTEM_ID, LEVEL] = [0x2a23, 0x2a19];
const LONGEST = 120;
const STRINGS = /** @type {[keyof Facts, number][]} */ ([
  ["maker", 0x2a29],
  ["model", 0x2a24],
  ["serial", 0x2a25],
  ["firmware", 0x2a26],
]);

/** @param {BluetoothRemoteGATTServer} server @returns {Promise<Facts>} */
export async function factsOf(server) {
  const service = await server.getPrimaryService(INFORMATION).catch(() => null);
  if (!service) return {};
  /** @type {Facts} */ const facts = {};
  for (const [name, number] of STRINGS) {
    const text = textOf(await readingOf(service, number));
    if (text) facts[name] = text;
  }
  const system = await readingOf(service, SYSTEM_ID);
  if (system?.byteLength === 8) facts.system_id = identifier(system);
  return facts;
}

/** @param {BluetoothRemoteGATTServer} server @returns {Promise<number|null>} percent */
export async function levelOf(server) {
  const service = await server.getPrimaryService(BATTERY).catch(() => null);
  const value = service && (await readingOf(service, LEVEL));
  const level = value?.byteLength ? value.getUint8(0) : null;
  return level !== null && level <= 100 ? level : null;
}

/** @param {BluetoothRemoteGATTService} service @param {number} number */
async function readingOf(service, number) {
  try {
    return await (await service.getCharacteristic(number)).readValue();
  } catch {
    return null;
  }
}

/** Letters of a device, without what no label has. @param {DataView|null} value */
export function textOf(value) {
  if (!value) return "";
  const text = new TextDecoder().decode(value);
  return text
    .replace(/[\p{Cc}\p{Cf}\uFFFD]/gu, "")
    .trim()
    .slice(0, LONGEST);
}

/** An EUI-64 as hex, its first byte first: over the air it comes backwards. @param {DataView} value */
export function identifier(value) {
  const bytes = Array.from({ length: value.byteLength }, (_, place) => value.getUint8(value.byteLength - 1 - place));
  return bytes
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("-")
    .toUpperCase();
}
