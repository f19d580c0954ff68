import assert from "node:assert/strict";
import { test } from "node:test";
import { Curve } from "../../../../teleward/devices/static/devices/patient/curve.js";
import { Acquaintance, isStored, Taking } from "../../../../teleward/devices/static/devices/patient/taking.js";
import { PRESSURE, reading } from "./pressure.js";

/** Somebody at a cuff: what went out, and what they are asked. */
function somebody(kind = PRESSURE) {
  const sent = /** @type {any[]} */ ([]);
  const waves = /** @type {any[]} */ ([]);
  const asked = /** @type {{doubts: any[], reading: any, answer: (isMine: boolean) => void}[]} */ ([]);
  const curve = new Curve();
  const flow = /** @type {any} */ ({
    send: (/** @type {any} */ one) => sent.push(one),
    sendWave: (/** @type {any[]} */ ...frame) => waves.push(frame) > 0,
    beginCurve: (/** @type {unknown} */ _reading, /** @type {unknown} */ _pairing, /** @type {Curve} */ begun) => begun,
  });
  const decode = (/** @type {string} */ _characteristic, /** @type {DataView} */ frame) =>
    JSON.parse(new TextDecoder().decode(frame));
  const acquaintance = new Acquaintance(kind.quantities);
  const ask = (/** @type {any[]} */ doubts, /** @type {any} */ one) =>
    /** @type {Promise<boolean>} */ (new Promise((answer) => asked.push({ doubts, reading: one, answer })));
  const now = () => new Date("2026-11-22T10:00:00Z");
  const waits = /** @type {(() => void)[]} */ ([]);
  const wait = () => /** @type {Promise<void>} */ (new Promise((done) => waits.push(done)));
  const taking = new Taking({ kind, flow, acquaintance, decode, curve: () => curve, ask, now, wait });
  const heard = /** @type {[string, any][]} */ ([]);
  for (const type of ["discarded", "stored", "unreadable"]) {
    taking.addEventListener(type, (event) => heard.push([type, /** @type {CustomEvent} */ (event).detail]));
  }
  const frame = (/** @type {unknown} */ said) => new DataView(new TextEncoder().encode(JSON.stringify(said)).buffer);
  return { taking, sent, waves, curve, asked, heard, frame, waits };
}

const soon = () => new Promise((done) => setTimeout(done, 0));
const doubtful = reading(["240", "130"]);

test("the first reading of a device without users goes out unasked", async () => {
  const { taking, sent, asked } = somebody();
  await taking.offer(reading(["138", "88"]));
  assert.equal(sent.length, 1);
  assert.equal(asked.length, 0);
});

test("a user of the device nobody has confirmed is asked about, once", async () => {
  const { taking, sent, asked } = somebody();
  void taking.offer(reading(["138", "88"], { user: 2 }));
  assert.deepEqual(asked[0]?.doubts, [{ why: "user", user: 2 }]);
  assert.equal(sent.length, 0);
  asked[0]?.answer(true);
  await soon();
  await taking.offer(reading(["136", "86"], { user: 2 }));
  assert.equal(sent.length, 2);
  assert.equal(asked.length, 1);
});

test("a user who is somebody else is thrown away from then on, and it is said", async () => {
  const { taking, sent, asked, heard } = somebody();
  void taking.offer(reading(["138", "88"], { user: 2 }));
  asked[0]?.answer(false);
  await soon();
  await taking.offer(reading(["136", "86"], { user: 2 }));
  assert.equal(sent.length, 0);
  assert.equal(asked.length, 1);
  assert.deepEqual(heard, [
    ["discarded", { count: 1 }],
    ["discarded", { count: 1 }],
  ]);
});

test("a device with users that does not know which one it was is asked about, once", async () => {
  const { taking, sent, asked } = somebody();
  void taking.offer(reading(["138", "88"], { flags: ["unknown-user"] }));
  assert.deepEqual(asked[0]?.doubts, [{ why: "user", user: 255 }]);
  assert.equal(sent.length, 0);
  asked[0]?.answer(true);
  await soon();
  await taking.offer(reading(["136", "86"], { flags: ["unknown-user"] }));
  assert.equal(sent.length, 2);
  assert.equal(asked.length, 1);
});

test("after a no the next one of whom the device does not know is asked about again", async () => {
  const { taking, sent, asked } = somebody();
  void taking.offer(reading(["138", "88"], { flags: ["unknown-user"] }));
  asked[0]?.answer(false);
  await soon();
  void taking.offer(reading(["136", "86"], { flags: ["unknown-user"] }));
  assert.equal(asked.length, 2);
  assert.equal(sent.length, 0);
});

test("a value outside what can be believed waits for an answer", async () => {
  const { taking, sent, asked } = somebody();
  void taking.offer(reading(["310", "88"]));
  assert.equal(asked[0]?.doubts[0].why, "limits");
  assert.equal(sent.length, 0);
});

test("a jump is asked about, after a no the value before still counts", async () => {
  const { taking, sent, asked } = somebody();
  await taking.offer(reading(["138", "88"]));
  void taking.offer(reading(["210", "90"]));
  assert.equal(asked[0]?.doubts[0].why, "jump");
  assert.equal(asked[0]?.doubts[0].before, "138");
  asked[0]?.answer(false);
  await soon();
  await taking.offer(reading(["140", "88"]));
  assert.equal(sent.length, 2);
});

test("what comes while a question stands is held: after a yes it follows in its order", async () => {
  const { taking, sent, asked } = somebody();
  void taking.offer(doubtful);
  void taking.offer(reading(["310", "131"]));
  const [first, second, third] = [reading(["290", "128"]), reading(["289", "127"]), reading(["288", "126"])];
  for (const one of [first, second, third]) void taking.offer(one);
  assert.equal(sent.length, 1);
  asked[0]?.answer(true);
  await soon();
  assert.deepEqual(sent.slice(2), [first, second, third]);
});

test("after a no all that was held goes with it", async () => {
  const { taking, sent, asked, heard } = somebody();
  void taking.offer(reading(["310", "88"]));
  for (const value of ["238", "237"]) void taking.offer(reading([value, "120"]));
  asked[0]?.answer(false);
  await soon();
  assert.equal(sent.length, 0);
  assert.deepEqual(heard, [["discarded", { count: 3 }]]);
});

test("a curve does not flow either while a question stands, and what did not flow is not kept", async () => {
  const { taking, waves, curve, asked, frame } = somebody({ ...PRESSURE, waves: true });
  const waveform = { hertz: 100, factor: "0.001", unit: "mV", leads: [[1, 2]] };
  taking.take("ecg", frame({ values: [], sequence: 1, waveform }), {});
  void taking.offer(reading(["310", "88"]));
  taking.take("ecg", frame({ values: [], sequence: 2, waveform }), {});
  assert.equal(waves.length, 1);
  assert.deepEqual(curve.newest?.leads, [[1, 2]]);
  asked[0]?.answer(true);
});

test("what a device had in its memory is set aside, not sent", async () => {
  const { taking, sent, heard, frame } = somebody();
  const values = reading(["138", "88"]).values;
  taking.take("2A35", frame({ values, measured_at: "2026-11-22T09:00:00Z" }), {});
  assert.equal(sent.length, 0);
  assert.equal(heard[0]?.[0], "stored");
  taking.take("2A35", frame({ values, measured_at: "2026-11-22T09:59:00Z" }), {});
  await soon();
  assert.equal(sent.length, 1);
  assert.ok(isStored(heard[0]?.[1].reading));
});

test("a frame nobody can read is told, and nothing is sent", () => {
  const { taking, sent, heard } = somebody();
  taking.take("2A35", new DataView(new TextEncoder().encode("not a frame").buffer), {});
  assert.equal(sent.length, 0);
  assert.deepEqual(heard, [["unreadable", { reason: "unreadable" }]]);
});

test("a reading says where it comes from: device, clocks, number, user", async () => {
  const { taking, sent, asked, frame } = somebody();
  const values = reading(["138", "88"]).values;
  taking.take("2A35", frame({ values, user: 1, sequence: 17, flags: ["irregular-pulse"] }), { maker: "Norda" });
  asked[0]?.answer(true);
  await soon();
  const { id, ...rest } = sent[0];
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    ...{ kind: "blood-pressure", sequence: 17, source: "device", measured_at: null, values, user: 1 },
    ...{
      received_at: "2026-11-22T10:00:00.000Z",
      device: { maker: "Norda" },
      flags: ["irregular-pulse"],
      waveform: null,
    },
  });
});

test("what was typed is marked as typed", async () => {
  const { taking, sent } = somebody();
  await taking.typed(reading(["138", "88"]).values, ["photo-of-display"]);
  assert.equal(sent[0].source, "typed");
  assert.deepEqual(sent[0].flags, ["photo-of-display"]);
});

const announced = { values: reading(["112", "80"]).values, sequence: 7, flags: ["from-finger", "context-follows"] };

test("what a meter says about a measurement goes with it", async () => {
  const { taking, sent, frame, waits } = somebody();
  taking.take("2A18", frame(announced), {});
  taking.take("2A34", frame({ values: [], sequence: 8, flags: ["fasting"] }), {});
  assert.equal(sent.length, 0);
  taking.take("2A34", frame({ values: [], sequence: 7, flags: ["after-meal"] }), {});
  assert.deepEqual(sent[0]?.flags, ["from-finger", "after-meal"]);
  waits[0]?.();
  await soon();
  assert.equal(sent.length, 1);
});

test("what a meter announces and never says is not waited for", async () => {
  const { taking, sent, frame, waits } = somebody();
  taking.take("2A18", frame(announced), {});
  waits[0]?.();
  await soon();
  taking.take("2A18", frame({ ...announced, sequence: 8 }), {});
  taking.take("2A18", frame({ ...announced, sequence: 9, flags: [] }), {});
  assert.deepEqual(
    sent.map(({ sequence }) => sequence),
    [7, 8, 9],
  );
});

test("what was too much behind a question is told as thrown away", async () => {
  const { taking, sent, asked, heard } = somebody();
  void taking.offer(reading(["138", "88"], { user: 2 }));
  for (let number = 0; number < 603; number += 1) void taking.offer(reading(["138", "88"]));
  asked[0]?.answer(true);
  await soon();
  assert.deepEqual(heard, [["discarded", { count: 3 }]]);
  assert.equal(sent.length, 601);
});
