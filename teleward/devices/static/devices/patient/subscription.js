/**
 * What is listened to on a connected device: the characteristics that carry its readings, those that tell how a
 * measurement goes on, and for glucose meters the control point that hands out the newest stored reading.
 *
 * @typedef {import('./types.js').Kind} Kind
 */

const MEANWHILE = new Set(["2A36", "2A1E"]); // cuff pressure, temperature on its way
const STORING = "1808";

export class Subscription {
  /** whether a whole reading came over this connection */ isComplete = false;
  /** @type {[BluetoothRemoteGATTCharacteristic, (event: Event) => void][]} */ #heard = [];

  /** @param {Kind} kind @param {(characteristic: string, frame: DataView) => void} take */
  constructor(kind, take) {
    this.kind = kind;
    this.take = take;
  }

  /** @param {BluetoothRemoteGATTService} service */
  async begin(service) {
    const all = await service.getCharacteristics();
    const wanted = all.filter(({ uuid }) => this.#isWanted(short(uuid)));
    if (!wanted.some(({ uuid }) => this.#isFinal(short(uuid)))) throw new DOMException("", "NotFoundError");
    for (const characteristic of wanted) await this.#listen(characteristic);
    const point = all.find(({ uuid }) => short(uuid) === CONTROL_POINT);
    if (point && this.kind.service.toLowerCase() === STORING) await this.#request(point);
  }

  end() {
    for (const [characteristic, act] of this.#heard.splice(0)) {
      characteristic.removeEventListener("characteristicvaluechanged", act);
    }
  }

  /** @param {string} name */
  #isFinal = (name) => this.kind.characteristics.includes(name);

  /** @param {string} name */
  #isWanted = (name) => this.#isFinal(name) || MEANWHILE.has(name);

  /** @param {BluetoothRemoteGATTCharacteristic} characteristic */
  async #listen(characteristic) {
    const name = short(characteristic.uuid);
    this.#on(characteristic, (frame) => {
      if (this.#isFinal(name)) this.isComplete = true;
      this.take(name, frame);
    });
    await characteristic.startNotifications();
  }

  /** @param {BluetoothRemoteGATTCharacteristic} point */
  async #request(point) {
    this.#on(point, (frame) => {
      if (outcome(frame)) this.isComplete = true;
    });
    await point.startNotifications();
    await point.writeValueWithResponse(lastRecord());
  }

  /** @param {BluetoothRemoteGATTCharacteristic} characteristic @param {(frame: DataView) => void} act */
  #on(characteristic, act) {
    const heard = () => {
      if (characteristic.value) act(characteristic.value);
    };
    characteristic.addEventListener("characteristicvaluechanged", heard);
    this.#heard.push([characteristic, heard]);
  }
}

// Bluetooth names its services and characteristics by 16-bit numbers that stand for whole UUIDs.

/** A 16-bit number as the whole UUID. @param {string} short such as "1810", or a UUID already */
export const uuid = (short) =>
  short.length > 8 ? short.toLowerCase() : `0000${short.toLowerCase()}-0000-1000-8000-00805f9b34fb`;

/** A UUID as the 16-bit number where it is one, in capitals as the kinds have it. @param {string} long */
export function short(long) {
  const [, found] = /^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/.exec(long.toLowerCase()) ?? [];
  return found?.toUpperCase() ?? long.toLowerCase();
}

// The record access control point (2A52) of glucose meters: asks for stored readings and hears how that went.

const CONTROL_POINT = "2A52";
const [REPORT, RESPONSE] = [0x01, 0x06];
const LAST = 0x06;
const OUTCOMES = /** @type {Record<number, string>} */ ({ 1: "done", 6: "none", 7: "aborted", 8: "busy" });

/** The newest stored reading and no other: what nobody asked for stays in the device. */
export const lastRecord = () => Uint8Array.of(REPORT, LAST);

/**
 * How the request went: done, none (nothing is stored), busy, aborted, not-supported; empty for what is no answer to it.
 * @param {DataView} frame
 */
export function outcome(frame) {
  if (frame.byteLength < 4 || frame.getUint8(0) !== RESPONSE || frame.getUint8(2) !== REPORT) return "";
  return OUTCOMES[frame.getUint8(3)] ?? "not-supported";
}
