// A browser's Bluetooth, played: services with characteristics that a test reads, notifies and cuts.

const whole = (/** @type {number|string} */ name) =>
  typeof name === "number" ? `0000${name.toString(16)}-0000-1000-8000-00805f9b34fb` : name.toLowerCase();
const view = (/** @type {Uint8Array} */ bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

class Characteristic extends EventTarget {
  /** @type {DataView|undefined} */ value;
  isListenedTo = false;
  written = /** @type {Uint8Array[]} */ ([]);

  /** @param {string} name @param {Uint8Array|null} content */
  constructor(name, content) {
    super();
    this.uuid = name;
    this.content = content;
  }

  async readValue() {
    if (!this.content) throw new DOMException("", "NotSupportedError");
    return view(this.content);
  }

  async writeValueWithResponse(/** @type {Uint8Array} */ bytes) {
    this.written.push(bytes);
  }

  async startNotifications() {
    this.isListenedTo = true;
    return this;
  }

  /** @param {...number} bytes */
  notify(...bytes) {
    this.value = view(Uint8Array.from(bytes));
    this.dispatchEvent(new Event("characteristicvaluechanged"));
  }
}

/** A device with these services; `characteristic("2A35")` is played by the test. */
export class Device extends EventTarget {
  name = "Norda";
  connections = 0;
  isReachable = true;
  isSilent = false;

  /** @param {Record<string, Record<string, Uint8Array|null>>} services */
  constructor(services) {
    super();
    this.services = new Map(
      Object.entries(services).map(([name, all]) => [
        whole(Number.parseInt(name, 16)),
        Object.entries(all).map(([one, content]) => new Characteristic(whole(Number.parseInt(one, 16)), content)),
      ]),
    );
    this.gatt = {
      connected: false,
      connect: async () => {
        this.connections += 1;
        if (this.isSilent) await new Promise(() => undefined);
        if (!this.isReachable) throw new DOMException("", "NetworkError");
        this.gatt.connected = true;
        return this.server();
      },
      disconnect: () => {
        if (this.gatt.connected) queueMicrotask(() => this.cut());
        this.gatt.connected = false;
      },
    };
  }

  /** @param {string} number */
  characteristic(number) {
    const name = whole(Number.parseInt(number, 16));
    const found = [...this.services.values()].flat().find(({ uuid }) => uuid === name);
    if (!found) throw new RangeError(number);
    return found;
  }

  /** The connection is gone. */
  cut() {
    this.dispatchEvent(new Event("gattserverdisconnected"));
  }

  server() {
    const one = (/** @type {Characteristic[]} */ all, /** @type {number|string} */ name) => {
      const found = all.find(({ uuid }) => uuid === whole(name));
      if (!found) throw new DOMException("", "NotFoundError");
      return found;
    };
    return {
      getPrimaryService: async (/** @type {number|string} */ name) => {
        const all = this.services.get(whole(name));
        if (!all) throw new DOMException("", "NotFoundError");
        return {
          getCharacteristics: async () => all,
          getCharacteristic: async (/** @type {number|string} */ wanted) => one(all, wanted),
        };
      },
    };
  }
}

/** A browser whose person chooses this device, or nothing. @param {Device|null} device @returns {any} */
export const bluetooth = (device, asked = /** @type {any[]} */ ([])) => ({
  asked,
  requestDevice: async (/** @type {any} */ how) => {
    asked.push(how);
    if (!device) throw new DOMException("", "NotFoundError");
    return device;
  },
});
