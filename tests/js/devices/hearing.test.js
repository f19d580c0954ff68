import assert from "node:assert/strict";
import { test } from "node:test";
import { namedFrame } from "../../../teleward/devices/static/devices/channel.js";
import { Hearing } from "../../../teleward/devices/static/devices/hearing.js";
import { frame, KINDS, PAIRING, reading, SHARING, settled, VISIT } from "./pair.js";

const OTHER = "0192f000-0000-7000-8000-0000000000ff";
const AT = { visit: VISIT, sharing: SHARING, sent_at: "2026-11-22T10:00:05.000Z" };
const SHARED = { ...AT, t: "sharing", kinds: ["heart-rate"], until: "end" };
const STANDS = { ...AT, t: "state", pairing: PAIRING, kind: "heart-rate", state: "connected" };
const READ = { ...AT, t: "reading", pairing: PAIRING, reading: reading(1) };

function listening() {
  const [events, answers] = [[], []];
  const hearing = new Hearing({
    visit: VISIT,
    kinds: KINDS,
    vouches: async () => true,
    emit: (type, detail) => events.push({ type, ...detail }),
    answer: (answer) => answers.push(answer),
  });
  let number = 0;
  const says = async (message) => {
    number += 1;
    hearing.take({ id: `0192f000-0000-7000-a000-${String(number).padStart(12, "0")}`, ...message });
    await settled();
    return answers.at(-1)?.dropped ?? "";
  };
  return { hearing, events, answers, says, of: (type) => events.filter((one) => one.type === type) };
}

/** One who has heard of the sharing and the device. */
async function knowing() {
  const one = listening();
  assert.equal(await one.says(SHARED), "");
  assert.equal(await one.says(STANDS), "");
  return one;
}

test("how old a reading was when it was sent counts by the sender's clock alone", async () => {
  const { says, of } = await knowing();
  await says(READ);
  assert.equal(of("reading")[0].age, 5000);
});

for (const [why, message, code] of [
  ["another visit", { ...READ, visit: OTHER }, "visit"],
  ["a sharing nobody announced", { ...READ, sharing: OTHER }, "sharing"],
  ["a device nobody announced", { ...READ, pairing: OTHER }, "pairing"],
  ["a kind the device is not", { ...READ, reading: reading(1, { kind: "blood-pressure" }) }, "kind"],
  ["a kind that is not shared", { ...STANDS, pairing: OTHER, kind: "blood-pressure" }, "kind"],
  ["a kind that nobody knows", { ...SHARED, sharing: OTHER, kinds: ["__proto__"] }, "kind"],
  ["a device that is another kind now", { ...STANDS, kind: "ecg" }, "kind"],
  ["a state that nobody knows", { ...STANDS, state: "fine" }, "malformed"],
  ["a message that nobody knows", { ...READ, t: "constructor" }, "malformed"],
  ["a time that is none", { ...READ, reading: reading(1, { received_at: "yesterday" }) }, "malformed"],
  ["a source that is none", { ...READ, reading: reading(1, { source: "guessed" }) }, "malformed"],
  ["no values", { ...READ, reading: reading(1, { values: [] }) }, "values"],
]) {
  test(`dropped and noted, never shown: ${why}`, async () => {
    const { says, of } = await knowing();
    const before = of("state").length + of("sharing").length;
    assert.equal(await says(message), code);
    assert.equal(of("reading").length, 0);
    assert.equal(of("state").length + of("sharing").length, before);
    assert.deepEqual(of("dropped"), [{ type: "dropped", code }]);
  });
}

for (const value of [
  { code: "8867-4", value: 72, unit: "/min" },
  { code: "8867-4", value: "NaN", unit: "/min" },
  { code: "8867-4", value: "7e1", unit: "/min" },
  { code: "8867-4", value: "72", unit: "Hz" },
  { code: "1234-5", value: "72", unit: "/min" },
  { code: "8867-4", absent: "tired", unit: "/min" },
  { code: "8867-4", value: "72", absent: "not-a-number", unit: "/min" },
  { code: "8867-4", value: "72", unit: "/min", original: { value: "x", unit: "/min" } },
  null,
]) {
  test(`a value that is none is not shown: ${JSON.stringify(value)}`, async () => {
    const { says, of } = await knowing();
    assert.equal(await says({ ...READ, reading: reading(1, { values: [value] }) }), "values");
    assert.equal(of("reading").length, 0);
  });
}

test("a value that is absent keeps its reason", async () => {
  const { says, of } = await knowing();
  await says({ ...READ, reading: reading(1, { values: [{ code: "8867-4", unit: "/min", absent: "not-a-number" }] }) });
  assert.deepEqual(of("reading")[0].reading.values, [{ code: "8867-4", absent: "not-a-number" }]);
});

test("after stop nothing of this sharing is shown, also not when it is announced again", async () => {
  const { hearing, says, of } = await knowing();
  await says({ ...AT, t: "stop" });
  assert.equal(await says(READ), "stopped");
  assert.equal(await says(SHARED), "stopped");
  hearing.wave(namedFrame(SHARING, PAIRING, frame(1)).buffer);
  assert.equal(of("reading").length + of("wave").length, 0);
});

test("a device belongs to one sharing for good", async () => {
  const { says } = await knowing();
  await says({ ...SHARED, sharing: OTHER });
  assert.equal(await says({ ...STANDS, sharing: OTHER }), "pairing");
  assert.equal(await says({ ...READ, sharing: OTHER }), "pairing");
});

test("a message that comes twice is answered twice and shown once", async () => {
  const { hearing, answers, of } = await knowing();
  const message = { ...READ, id: "0192f000-0000-7000-b000-000000000001" };
  hearing.take(message);
  hearing.take(message);
  await settled();
  assert.equal(of("reading").length, 1);
  assert.equal(answers.filter(({ id }) => id === message.id).length, 2);
});

test("more than devices measure is not taken and not acknowledged", async () => {
  const { says, answers, of } = await knowing();
  for (let number = 0; number < 300; number += 1) await says({ ...READ, reading: reading(number) });
  const shown = of("reading").length;
  assert.ok(shown >= 30 && shown < 100, `${shown} readings were shown`);
  assert.equal(answers.length, shown + 2);
  assert.ok(of("dropped").some(({ code }) => code === "too-many"));
});

for (const [why, data] of [
  ["text", "hello"],
  ["nothing", new ArrayBuffer(0)],
  ["another sharing", namedFrame(OTHER, PAIRING, frame(1)).buffer],
  ["another device", namedFrame(SHARING, OTHER, frame(1)).buffer],
  ["too many leads", namedFrame(SHARING, PAIRING, frame(1, { leads: 4 })).buffer],
  ["a rate that is none", namedFrame(SHARING, PAIRING, frame(1, { hertz: 0 })).buffer],
  ["bytes too many", namedFrame(SHARING, PAIRING, new Uint8Array(77)).buffer],
]) {
  test(`samples that are none are not shown: ${why}`, async () => {
    const { hearing, of } = await knowing();
    hearing.wave(data);
    assert.equal(of("wave").length, 0);
    assert.equal(of("dropped").length, 1);
  });
}

test("what is no JSON object is noted", () => {
  const { hearing, of } = listening();
  for (const data of ["", "[]", "null", "{", new ArrayBuffer(2), `{"t":"${"x".repeat(70_000)}"}`]) {
    assert.equal(hearing.read(data), null);
  }
  assert.equal(of("dropped").length, 6);
});

test("a page loaded anew is not alarmed by the end of what it never heard of", async () => {
  const { says, events } = listening();
  assert.equal(await says({ ...AT, t: "stop" }), "");
  assert.deepEqual(events, []);
});

test("samples that were on their way when the patient stopped are neither shown nor noted", async () => {
  const { hearing, says, of } = await knowing();
  await says({ ...AT, t: "stop" });
  hearing.wave(namedFrame(SHARING, PAIRING, frame(1)).buffer);
  assert.equal(of("wave").length + of("dropped").length, 0);
});

test("a stop is taken at once, also behind more than is taken, and told once", async () => {
  const { says, answers, of } = await knowing();
  for (let number = 0; number < 300; number += 1) await says({ ...READ, reading: reading(number) });
  for (let turn = 0; turn < 100; turn += 1) await says({ ...AT, t: "stop" });
  assert.equal(of("stop").length, 1);
  assert.ok(answers.length < 200);
});
