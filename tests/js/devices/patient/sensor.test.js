// A glucose sensor from its connection to what goes out: its session is read first, and dates its records.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  before,
  begin,
  characteristics,
  service,
} from "../../../../teleward/devices/static/devices/kinds/continuous-glucose.js";
import { Instrument } from "../../../../teleward/devices/static/devices/patient/instrument.js";
import { Acquaintance, Taking } from "../../../../teleward/devices/static/devices/patient/taking.js";
import { PRESSURE } from "./pressure.js";
import { bluetooth, Device } from "./radio.js";

const SENSOR = { ...PRESSURE, name: "continuous-glucose", service, characteristics, continuous: true, quantities: [] };
const STARTED = Uint8Array.from([0xe2, 0x07, 4, 24, 13, 8, 24, 8, 4, 0xe0, 0xc2]); // of Nordic's tests
const SPOILED = Uint8Array.from([...STARTED.slice(0, -1), 0xc3]);
const AT_MINUTE_6 = [6, 0, 0x0c, 0x10, 6, 0];

/** @param {Uint8Array} start @param {string} now */
async function worn(start, now) {
  const device = new Device({ "181F": { "2AA7": null, "2AAA": start } });
  const sent = /** @type {any[]} */ ([]);
  const refused = /** @type {string[]} */ ([]);
  const flow = /** @type {any} */ ({ send: (/** @type {any} */ one) => sent.push(one) });
  const acquaintance = new Acquaintance(SENSOR.quantities);
  const parts = { kind: SENSOR, flow, acquaintance, ask: async () => false, now: () => new Date(now) };
  const taking = new Taking({ ...parts, decode: /** @type {any} */ (begin()) });
  taking.addEventListener("unreadable", (event) => refused.push(/** @type {CustomEvent} */ (event).detail.reason));
  const wait = () => /** @type {Promise<void>} */ (new Promise(() => undefined));
  const instrument = new Instrument({ kind: SENSOR, before, bluetooth: bluetooth(device), wait });
  instrument.addEventListener("frame", (event) => {
    const { characteristic, frame } = /** @type {CustomEvent} */ (event).detail;
    taking.take(characteristic, frame, {});
  });
  assert.ok(await instrument.choose());
  await instrument.connect();
  device.characteristic("2AA7").notify(...AT_MINUTE_6);
  return { sent, refused };
}

test("a record goes out with the time of its minute", async () => {
  const { sent, refused } = await worn(STARTED, "2018-04-24T10:15:00Z");
  assert.deepEqual(refused, []);
  assert.equal(sent[0]?.measured_at, "2018-04-24T10:14:24.000Z");
  assert.deepEqual([sent[0]?.sequence, sent[0]?.flags], [6, []]);
});

test("a start that cannot be read is said, and the record has no time of the sensor's", async () => {
  const { sent, refused } = await worn(SPOILED, "2018-04-24T10:15:00Z");
  assert.deepEqual(refused, ["wrong-checksum"]);
  assert.deepEqual([sent[0]?.measured_at, sent[0]?.flags], [null, ["start-unknown"]]);
});

test("a record is sent although the sensor's clock is hours behind: it was measured just now", async () => {
  const { sent } = await worn(STARTED, "2018-04-24T14:00:00Z");
  assert.equal(sent[0]?.measured_at, "2018-04-24T10:14:24.000Z");
});
