/**
 * What is listened to on a connected device: the characteristics that carry its readings, those that tell how a
 * measurement goes on, and for glucose meters the control point that hands out the newest stored reading.
 *
 * @typedef {import('./types.js').Kind} Kind
 */
import { short } from "./numbers.js";
import { CONTROL_POINT, lastRecord, outcome } from "./racp.js";

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
