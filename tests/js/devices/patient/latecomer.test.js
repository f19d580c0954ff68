import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "../../../../teleward/devices/static/devices/channel.js";
import { Hearing } from "../../../../teleward/devices/static/devices/hearing.js";
import { Flow } from "../../../../teleward/devices/static/devices/patient/flow.js";
import { heard, KINDS, PAIRING, pair, reading, SHARING, settled, VISIT } from "../pair.js";

/** A patient who shows their heart rate to seat 1, and somebody else on the other end of this line. */
async function showing() {
  const { patient, other, ends } = pair("clinician");
  patient.peers.get("them").seat = 3;
  /** @type {Flow} */ let flow;
  const channel = new Channel(/** @type {any} */ (patient), {
    visit: VISIT,
    tells: (person) => flow.audience.has(/** @type {any} */ (person).seat),
  });
  const post = async () => ({ sharing: SHARING });
  flow = new Flow({ channel, urls: { share: "/", stop: "/" }, post });
  const ears = { visit: VISIT, kinds: KINDS, vouches: async () => true };
  const listener = new Channel(/** @type {any} */ (other), {
    visit: VISIT,
    tells: () => false,
    listener: (wired) => new Hearing({ ...ears, ...wired }),
  });
  const said = heard(listener);
  const wires = ends();
  await flow.begin("heart-rate", "end", [{ seat: 1, name: "Dr. Mira Holm" }]);
  flow.sendState("heart-rate", PAIRING, "measuring");
  flow.send(reading(1), PAIRING);
  await settled();
  const close = () => {
    channel.close();
    listener.close();
  };
  return { flow, said, wires, close };
}

test("a clinician the patient did not name gets not one letter of it", async () => {
  const { wires, close } = await showing();
  assert.deepEqual(
    wires.readings.sent.filter((/** @type {string} */ line) => !line.includes('"ack"')),
    [],
  );
  close();
});

test("once the patient says so they get all that stands, and what comes", async () => {
  const { flow, said, close } = await showing();
  flow.include({ seat: 3, name: "Dr. Emil Rand" });
  flow.send(reading(2), PAIRING);
  await settled();
  assert.deepEqual(
    said("reading").map((/** @type {any} */ one) => one.reading.sequence),
    [1, 2],
  );
  assert.deepEqual(said("dropped"), []);
  close();
});

test("after stop they are told, and nothing of a later sharing reaches them unasked", async () => {
  const { flow, said, close } = await showing();
  flow.include({ seat: 3, name: "Dr. Emil Rand" });
  await settled();
  void flow.stop();
  await settled();
  assert.equal(said("stop").length, 1);
  await flow.begin("blood-pressure", "end", [{ seat: 1, name: "Dr. Mira Holm" }]);
  await settled();
  assert.equal(said("sharing").length, 1);
  close();
});
