import assert from "node:assert/strict";
import { test } from "node:test";
import { short } from "../../../../teleward/devices/static/devices/kinds/frame.js";
import { identifier, textOf } from "../../../../teleward/devices/static/devices/patient/information.js";
import { Instrument, uuid } from "../../../../teleward/devices/static/devices/patient/instrument.js";
import { lastRecord, outcome } from "../../../../teleward/devices/static/devices/patient/memory.js";
import { PRESSURE } from "./pressure.js";
import { bluetooth, Device } from "./radio.js";

const STRAP = { ...PRESSURE, name: "heart-rate", service: "180D", characteristics: ["2A37"], continuous: true };
const METER = { ...PRESSURE, name: "glucose", service: "1808", characteristics: ["2A18", "2A34"] };
const letters = (/** @type {string} */ text) => new TextEncoder().encode(text);
const soon = () => new Promise((done) => setImmediate(done));

const cuff = () =>
  new Device({
    1810: { "2A35": null, "2A36": null, "2A49": null },
    "180A": { "2A29": letters("Norda\u0000"), "2A24": letters("Cuff 2"), "2A25": letters("A1") },
    "180F": { "2A19": Uint8Array.of(80) },
  });

/** Somebody at this device; waits last until the test lets them end. */
function holding(/** @type {Device|null} */ device, kind = PRESSURE, before = /** @type {string[]} */ ([])) {
  const waits = /** @type {{milliseconds: number, over: () => void}[]} */ ([]);
  const wait = (/** @type {number} */ milliseconds) =>
    /** @type {Promise<void>} */ (new Promise((over) => waits.push({ milliseconds, over: () => over(undefined) })));
  const asked = /** @type {any[]} */ ([]);
  const instrument = new Instrument({ kind, before, bluetooth: bluetooth(device, asked), wait });
  const states = /** @type {string[]} */ ([]);
  const frames = /** @type {[string, number][]} */ ([]);
  instrument.addEventListener("state", () => states.push(instrument.state));
  instrument.addEventListener("frame", (event) => {
    const { characteristic, frame } = /** @type {CustomEvent} */ (event).detail;
    frames.push([characteristic, frame.getUint8(0)]);
  });
  const pass = async (/** @type {number} */ milliseconds) => {
    const at = waits.findIndex((one) => one.milliseconds === milliseconds);
    waits.splice(at, 1)[0]?.over();
    await soon();
    await soon();
  };
  return { instrument, states, frames, asked, waits, pass };
}

async function connected(/** @type {Device} */ device, kind = PRESSURE, before = /** @type {string[]} */ ([])) {
  const all = holding(device, kind, before);
  assert.ok(await all.instrument.choose());
  await all.instrument.connect();
  return all;
}

test("only devices that measure what was chosen are offered, and nothing else of them is asked for", async () => {
  const { asked } = await connected(cuff());
  assert.deepEqual(asked, [{ filters: [{ services: [uuid("1810")] }], optionalServices: [0x180a, 0x180f] }]);
});

test("choosing nothing is said, and is no fault", async () => {
  const { instrument } = holding(null);
  assert.equal(await instrument.choose(), false);
  assert.equal(instrument.problem, "device-none");
});

test("connecting, connected, measuring, connected: what the device does has its word", async () => {
  const device = cuff();
  const { instrument, states, frames } = await connected(device);
  assert.deepEqual(instrument.facts, { maker: "Norda", model: "Cuff 2", serial: "A1" });
  assert.equal(instrument.battery, 80);
  device.characteristic("2A36").notify(4);
  device.characteristic("2A35").notify(5);
  assert.deepEqual(states, ["connecting", "connected", "measuring", "connected"]);
  assert.deepEqual(frames, [
    ["2A36", 4],
    ["2A35", 5],
  ]);
  assert.equal(device.characteristic("2A49").isListenedTo, false);
});

test("of two characteristics that say the same only the newer one is listened to", async () => {
  const device = new Device({ 1810: { "2A35": null, "2A36": null, "2B34": null, "2B35": null } });
  const { frames } = await connected(device, { ...PRESSURE, characteristics: ["2A35", "2B34"] });
  device.characteristic("2B34").notify(7);
  assert.deepEqual(frames, [["2B34", 7]]);
  const listened = ["2A35", "2A36", "2B34", "2B35"].map((name) => device.characteristic(name).isListenedTo);
  assert.deepEqual(listened, [false, false, true, true]);
});

test("what a sensor says of its session is read before it is listened to, each time it is connected", async () => {
  const session = { "2AA8": Uint8Array.of(8), "2AAA": null, "2AAB": Uint8Array.of(11) };
  const device = new Device({ "181F": { ...session, "2AA7": null } });
  const sensor = { ...PRESSURE, service: "181F", characteristics: ["2AA7"], continuous: true };
  const { instrument, frames } = await connected(device, sensor, ["2AA8", "2AAA", "2AAB"]);
  assert.equal(instrument.state, "connected");
  device.characteristic("2AA7").notify(7);
  await instrument.connect();
  const read = [
    ["2AA8", 8],
    ["2AAB", 11],
  ];
  assert.deepEqual(frames, [...read, ["2AA7", 7], ...read]);
});

test("a device that says nothing of itself is read all the same", async () => {
  const { instrument } = await connected(new Device({ 1810: { "2A35": null } }));
  assert.equal(instrument.state, "connected");
  assert.deepEqual(instrument.facts, {});
  assert.equal(instrument.battery, null);
});

test("a device without what was chosen is told apart from one that is away", async () => {
  const other = await connected(new Device({ 1809: { "2A1C": null } }));
  await soon();
  assert.deepEqual([other.instrument.state, other.instrument.problem], ["disconnected", "device-other"]);
  const away = cuff();
  away.isReachable = false;
  const { instrument } = await connected(away);
  assert.deepEqual([instrument.state, instrument.problem], ["disconnected", "device-failed"]);
  away.isReachable = true;
  await instrument.connect();
  assert.equal(instrument.state, "connected");
});

test("a device that does not answer is given up after a while", async () => {
  const device = cuff();
  device.isSilent = true;
  const { instrument, pass } = holding(device);
  await instrument.choose();
  const over = instrument.connect();
  await soon();
  await pass(15_000);
  await over;
  assert.deepEqual([instrument.state, instrument.problem], ["disconnected", "device-silent"]);
});

test("a device that answers when nobody waits for it any more is not heard", async () => {
  const device = cuff();
  const server = device.server();
  /** @type {(found: any) => void} */ let answer = () => undefined;
  device.gatt.connect = () =>
    new Promise((late) => {
      answer = late;
    });
  const { instrument, frames, pass } = holding(device);
  await instrument.choose();
  const over = instrument.connect();
  await soon();
  await pass(15_000);
  await over;
  answer(server);
  await soon();
  await soon();
  device.characteristic("2A35").notify(5);
  assert.deepEqual(frames, []);
  assert.equal(instrument.state, "disconnected");
});

test("lost in the middle of a measurement it is out of range, looked for, and found again", async () => {
  const device = cuff();
  const { instrument, states, pass } = await connected(device);
  device.characteristic("2A36").notify(4);
  device.isReachable = false;
  device.cut();
  assert.equal(instrument.state, "out-of-range");
  await pass(500);
  assert.equal(instrument.state, "out-of-range");
  device.isReachable = true;
  await pass(2000);
  assert.equal(instrument.state, "connected");
  assert.deepEqual(states.slice(-3), ["measuring", "out-of-range", "connected"]);
});

test("not found again it is disconnected, with a way back", async () => {
  const device = cuff();
  const { instrument, pass } = await connected(device);
  device.isReachable = false;
  device.cut();
  for (const milliseconds of [500, 2000, ...new Array(15).fill(4000)]) await pass(milliseconds);
  assert.deepEqual([instrument.state, instrument.problem], ["disconnected", "device-lost"]);
  device.isReachable = true;
  await instrument.connect();
  assert.equal(instrument.state, "connected");
});

test("a cuff that has said all it had to say may sleep; a strap may not", async () => {
  const device = cuff();
  const done = await connected(device);
  device.characteristic("2A35").notify(5);
  device.cut();
  assert.deepEqual([done.instrument.state, done.instrument.problem], ["disconnected", "device-asleep"]);
  const worn = new Device({ "180D": { "2A37": null } });
  const { instrument } = await connected(worn, STRAP);
  worn.characteristic("2A37").notify(0, 72);
  assert.equal(instrument.state, "measuring");
  worn.cut();
  assert.equal(instrument.state, "out-of-range");
});

test("stopped is stopped: nothing of the device is heard and it is not looked for", async () => {
  const device = new Device({ "180D": { "2A37": null } });
  const { instrument, frames, waits } = await connected(device, STRAP);
  instrument.stop();
  device.characteristic("2A37").notify(0, 72);
  device.cut();
  await instrument.connect();
  assert.equal(instrument.state, "stopped");
  assert.deepEqual(frames, []);
  assert.deepEqual(
    waits.filter(({ milliseconds }) => milliseconds < 15_000),
    [],
  );
  assert.equal(device.connections, 1);
});

test("after a new connection each frame is heard once", async () => {
  const device = cuff();
  const { instrument, frames } = await connected(device);
  await instrument.connect();
  device.characteristic("2A35").notify(5);
  assert.equal(frames.length, 1);
});

test("a glucose meter is asked for its newest record and no other", async () => {
  const device = new Device({ 1808: { "2A18": null, "2A34": null, "2A52": null } });
  const { frames } = await connected(device, METER);
  const point = device.characteristic("2A52");
  assert.deepEqual(point.written, [Uint8Array.of(1, 6)]);
  assert.ok(point.isListenedTo);
  point.notify(6, 0, 1, 6);
  assert.deepEqual(frames, []);
});

test("the answers of a record access control point have their words", () => {
  const said = (/** @type {number[]} */ ...bytes) => outcome(new DataView(Uint8Array.from(bytes).buffer));
  assert.deepEqual([...lastRecord()], [0x01, 0x06]);
  assert.equal(said(6, 0, 1, 1), "done");
  assert.equal(said(6, 0, 1, 6), "none");
  assert.equal(said(6, 0, 1, 8), "busy");
  assert.equal(said(6, 0, 1, 2), "not-supported");
  assert.equal(said(5, 0, 3, 0), "");
  assert.equal(said(6, 0), "");
});

test("numbers of Bluetooth and the UUIDs they stand for", () => {
  assert.equal(uuid("180D"), "0000180d-0000-1000-8000-00805f9b34fb");
  assert.equal(short("0000180d-0000-1000-8000-00805f9b34fb"), "180D");
  const own = "74656c65-7761-7264-8001-000000000001";
  assert.equal(uuid(own), own);
  assert.equal(short(own.toUpperCase()), own);
});

test("what a device says of itself is letters only, and its number is written as its label has it", () => {
  assert.equal(textOf(new DataView(letters(" Norda\u0000\u202e ").buffer)), "Norda");
  assert.equal(textOf(new DataView(letters("x".repeat(500)).buffer)).length, 120);
  const system = Uint8Array.of(0x12, 0x34, 0x56, 0xfe, 0xff, 0x9a, 0xbc, 0xde);
  assert.equal(identifier(new DataView(system.buffer)), "DE-BC-9A-FF-FE-56-34-12");
});
