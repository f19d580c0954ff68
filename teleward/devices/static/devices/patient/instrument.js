/**
 * One Bluetooth device of the patient: found, connected, read, lost and found again. No page elements and no words; the
 * browser's Bluetooth and the clock are handed in, so that Node can play both.
 *
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Facts} Facts
 */
import { short } from "../kinds/frame.js";
import { BATTERY, factsOf, INFORMATION, levelOf } from "./information.js";

const PATIENCE = 15_000; // milliseconds for one attempt to connect
const PAUSES = [500, 2000, ...new Array(15).fill(4000)]; // before each new attempt of its own: a good minute

export class Instrument extends EventTarget {
  /** @type {State} */ state = "disconnected";
  /** @type {Facts} */ facts = {};
  /** @type {number|null} percent */ battery = null;
  name = "";
  /** why it is not connected: a key of the page's words */ problem = "";
  /** @type {BluetoothDevice|null} */ #device = null;
  /** @type {Subscription|null} */ #subscription = null;
  #over = false;
  #attempt = 0;

  /** @param {{kind: Kind, bluetooth: Bluetooth, before?: string[],
   *   wait?: (milliseconds: number) => Promise<void>}} parts `before`: what is read before anything is listened to */
  constructor({ kind, bluetooth, before = [], wait = pause }) {
    super();
    this.kind = kind;
    this.before = before;
    this.bluetooth = bluetooth;
    this.wait = wait;
  }

  /** Lets the person choose among what the browser finds; has to follow their press. @returns {Promise<boolean>} */
  async choose() {
    const service = uuid(this.kind.service);
    const asked = { filters: [{ services: [service] }], optionalServices: [INFORMATION, BATTERY] };
    const device = await this.bluetooth.requestDevice(asked).catch((error) => this.#refused(error));
    if (!device) return false;
    this.#device = device;
    this.name = device.name ?? "";
    device.addEventListener("gattserverdisconnected", this.#lost);
    return true;
  }

  /** Connects and listens; called again, it does so again. */
  async connect() {
    if (this.#over || !this.#device) return;
    const attempt = ++this.#attempt;
    this.#move("connecting");
    try {
      await Promise.race([this.#open(attempt), this.#late()]);
      if (attempt === this.#attempt && this.state === "connecting") this.#move("connected");
    } catch (error) {
      if (attempt !== this.#attempt || this.#over) return;
      this.#giveUp(problemOf(error));
    }
  }

  /** Lets the device go, for good. */
  stop() {
    if (this.#over) return;
    this.#over = true;
    this.#attempt += 1;
    this.#subscription?.end();
    this.#device?.removeEventListener("gattserverdisconnected", this.#lost);
    this.#device?.gatt?.disconnect();
    this.#move("stopped");
  }

  /** @param {number} attempt */
  async #open(attempt) {
    const server = await this.#device?.gatt?.connect();
    if (!server) throw new DOMException("", "NetworkError");
    const service = await server.getPrimaryService(uuid(this.kind.service));
    const told = await factsOf(server);
    if (attempt !== this.#attempt) return;
    this.facts = told;
    this.battery = await levelOf(server);
    if (attempt !== this.#attempt) return;
    this.#subscription?.end();
    const take = (/** @type {string} */ name, /** @type {DataView} */ frame) => this.#take(name, frame);
    this.#subscription = new Subscription(this.kind, take);
    for (const name of this.before) await this.#read(service, name);
    await this.#subscription.begin(service);
  }

  async #late() {
    await this.wait(PATIENCE);
    throw new DOMException("", "TimeoutError");
  }

  /** @param {string} characteristic @param {DataView} frame */
  #take(characteristic, frame) {
    if (this.#over) return;
    const isFinal = this.kind.characteristics.includes(characteristic);
    if (!isFinal || this.kind.continuous) this.#move("measuring");
    else if (this.state === "measuring") this.#move("connected");
    this.#tell(characteristic, frame);
  }

  /** What a sensor says of itself; one that does not is listened to all the same.
   * @param {BluetoothRemoteGATTService} service @param {string} name */
  async #read(service, name) {
    const found = await service.getCharacteristic(uuid(name)).catch(() => null);
    const frame = await found?.readValue().catch(() => null);
    if (frame && !this.#over) this.#tell(name, frame);
  }

  /** @param {string} characteristic @param {DataView} frame */
  #tell = (characteristic, frame) =>
    this.dispatchEvent(new CustomEvent("frame", { detail: { characteristic, frame } }));

  /** The connection is gone. A device that had said all it had to say may sleep; another one is looked for. */
  #lost = async () => {
    if (this.#over || this.state === "out-of-range" || this.state === "disconnected") return undefined;
    const attempt = ++this.#attempt;
    const isDone = Boolean(this.#subscription?.isComplete) && !this.kind.continuous && this.state !== "measuring";
    this.#subscription?.end();
    this.#subscription = null;
    if (isDone) return this.#move("disconnected", "device-asleep");
    for (const milliseconds of PAUSES) {
      this.#move("out-of-range");
      await this.wait(milliseconds);
      if (attempt !== this.#attempt || this.#over) return undefined;
      if (await this.#again()) return undefined;
    }
    return this.#giveUp("device-lost");
  };

  /** What comes late is not waited for any more. @param {string} problem */
  #giveUp(problem) {
    this.#attempt += 1;
    this.#move("disconnected", problem);
    this.#device?.gatt?.disconnect();
  }

  /** One attempt while it is looked for. */
  async #again() {
    const attempt = this.#attempt;
    try {
      await Promise.race([this.#open(attempt), this.#late()]);
    } catch {
      return attempt !== this.#attempt || this.#over;
    }
    if (attempt === this.#attempt && this.state === "out-of-range") this.#move("connected");
    return true;
  }

  /** @param {unknown} error @returns {null} */
  #refused(error) {
    this.#move(
      "disconnected",
      error instanceof DOMException && error.name === "NotFoundError" ? "device-none" : problemOf(error),
    );
    return null;
  }

  /** @param {State} state @param {string} [problem] */
  #move(state, problem = "") {
    if (this.state === state && this.problem === problem) return;
    Object.assign(this, { state, problem });
    this.dispatchEvent(new Event("state"));
  }
}

/** @param {number} milliseconds @returns {Promise<void>} */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const PROBLEMS = /** @type {Record<string, string>} */ ({
  NotFoundError: "device-other",
  SecurityError: "device-forbidden",
  NotAllowedError: "device-forbidden",
  TimeoutError: "device-silent",
});

/** @param {unknown} error */
export function problemOf(error) {
  const name = /** @type {{name?: string}} */ (error)?.name ?? "";
  return PROBLEMS[name] ?? "device-failed";
}

/** A 16-bit number of Bluetooth as the UUID it stands for. @param {string} number such as "1810", or a UUID already */
export const uuid = (number) =>
  number.length > 8 ? number.toLowerCase() : `0000${number.toLowerCase()}-0000-1000-8000-00805f9b34fb`;

const MEANWHILE = new Set(["2A36", "2B35", "2A1E"]); // cuff pressure, temperature on its way
const NEWER = /** @type {Record<string, string>} */ ({ "2A35": "2B34", "2A36": "2B35" }); // says the same, with UTC
const STORING = "1808";

/** What is listened to on a connected device: the characteristics that carry its readings, and those that tell how a
 * measurement goes on; a glucose meter is asked for the newest reading in its memory. */
class Subscription {
  /** whether a whole reading came over this connection */ isComplete = false;
  #ended = false;
  /** @type {[BluetoothRemoteGATTCharacteristic, (event: Event) => void][]} */ #heard = [];

  /** @param {Kind} kind @param {(characteristic: string, frame: DataView) => void} take */
  constructor(kind, take) {
    this.kind = kind;
    this.take = take;
  }

  /** @param {BluetoothRemoteGATTService} service */
  async begin(service) {
    const all = await service.getCharacteristics();
    const there = all.map(({ uuid }) => short(uuid));
    const wanted = all.filter((_, place) => this.#isWanted(there[place] ?? "", there));
    if (!wanted.some(({ uuid }) => this.#isFinal(short(uuid)))) throw new DOMException("", "NotFoundError");
    for (const characteristic of wanted) await this.#listen(characteristic);
    if (this.kind.service === STORING) await this.#request(all, await import("./memory.js"));
  }

  end() {
    this.#ended = true;
    for (const [characteristic, act] of this.#heard.splice(0)) {
      characteristic.removeEventListener("characteristicvaluechanged", act);
    }
  }

  /** @param {string} name */
  #isFinal = (name) => this.kind.characteristics.includes(name);

  /** Of two that say the same, the newer one. @param {string} name @param {string[]} there */
  #isWanted = (name, there) => (this.#isFinal(name) || MEANWHILE.has(name)) && !there.includes(NEWER[name] ?? "");

  /** @param {BluetoothRemoteGATTCharacteristic} characteristic */
  async #listen(characteristic) {
    const name = short(characteristic.uuid);
    this.#on(characteristic, (frame) => {
      if (this.#isFinal(name)) this.isComplete = true;
      this.take(name, frame);
    });
    await characteristic.startNotifications();
  }

  /** @param {BluetoothRemoteGATTCharacteristic[]} all @param {typeof import('./memory.js')} memory */
  async #request(all, { CONTROL_POINT, lastRecord, outcome }) {
    const point = all.find(({ uuid }) => short(uuid) === CONTROL_POINT);
    if (!point) return;
    this.#on(point, (frame) => {
      if (outcome(frame)) this.isComplete = true;
    });
    await point.startNotifications();
    await point.writeValueWithResponse(lastRecord());
  }

  /** @param {BluetoothRemoteGATTCharacteristic} characteristic @param {(frame: DataView) => void} act */
  #on(characteristic, act) {
    if (this.#ended) return; // another one listens by now
    const heard = () => {
      if (characteristic.value) act(characteristic.value);
    };
    characteristic.addEventListener("characteristicvaluechanged", heard);
    this.#heard.push([characteristic, heard]);
  }
}
