import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Channel } from "../../../teleward/devices/static/devices/channel.js";
import { Hearing } from "../../../teleward/devices/static/devices/hearing.js";
import { frame, heard, KINDS, PAIRING, pair, reading, SHARING, settled, VISIT } from "./pair.js";

/** @type {Channel[]} */ const open = [];
afterEach(() => {
  for (const channel of open.splice(0)) channel.close();
});

const made = (call, { vouches = async () => true, ...how } = {}) => {
  const listener = (wired) => new Hearing({ visit: VISIT, kinds: KINDS, vouches, ...wired });
  const channel = new Channel(call, { visit: VISIT, listener, ...how });
  open.push(channel);
  return channel;
};

/** A patient who shows the heart rate, and a clinician. */
function measuring(how = {}, role = "host") {
  const { patient, other, ends, cut } = pair(role);
  const pipes = ends();
  const mine = made(patient);
  const theirs = made(other, how);
  const [told, seen] = [heard(mine), heard(theirs)];
  mine.share({ sharing: SHARING, kinds: ["heart-rate", "ecg"], until: "stop" });
  mine.state({ sharing: SHARING, pairing: PAIRING, kind: "heart-rate", state: "measuring" });
  return { patient, other, ends, cut, pipes, mine, theirs, told, seen };
}

const measure = (channel, number, more) =>
  channel.tell({ sharing: SHARING, pairing: PAIRING, reading: reading(number, more) });

test("what is announced, how the device is and what it measured arrives in this order, once, and is acknowledged", async () => {
  const { mine, told, seen } = measuring();
  measure(mine, 1);
  mine.kept({ sharing: SHARING, pairing: PAIRING, reading: reading(1).id, status: "kept" });
  await settled();
  assert.deepEqual(seen("sharing")[0].kinds, ["heart-rate", "ecg"]);
  assert.equal(seen("state")[0].state, "measuring");
  assert.equal(seen("reading")[0].reading.values[0].value, "72");
  assert.equal(seen("kept")[0].status, "kept");
  assert.equal(told("delivered").length, 4);
  assert.equal(seen("dropped").length, 0);
});

test("nothing is lost when the connection is replaced in the middle, and nothing arrives twice", async () => {
  const { mine, cut, ends, pipes, seen } = measuring();
  measure(mine, 1);
  await settled();
  measure(mine, 2);
  cut(pipes);
  measure(mine, 3);
  await settled();
  ends();
  await settled();
  assert.deepEqual(
    seen("reading").map(({ reading: { sequence } }) => sequence),
    [1, 2, 3],
  );
});

test("a clinician whose page was loaded anew gets all that stands, in its order", async () => {
  const { other, mine, theirs, cut, ends, pipes } = measuring();
  measure(mine, 1);
  measure(mine, 2);
  await settled();
  theirs.close();
  cut(pipes);
  ends();
  const again = heard(made(other));
  await settled();
  assert.equal(again("sharing").length, 1);
  assert.deepEqual(
    again("reading").map(({ reading: { sequence } }) => sequence),
    [1, 2],
  );
});

test("nothing goes to relatives and interpreters", async () => {
  for (const role of ["relative", "interpreter"]) {
    const { mine, pipes, seen } = measuring({ hears: () => true }, role);
    measure(mine, 1);
    mine.wave({ sharing: SHARING, pairing: PAIRING, frame: frame(1) });
    await settled();
    assert.equal(seen("sharing").length + seen("reading").length + seen("wave").length, 0);
    assert.deepEqual(
      [...pipes.readings.sent, ...pipes.waves.sent].filter((data) => !data.includes("again")),
      [],
    );
  }
});

test("nothing goes out while somebody may be between the two, and all of it once that is cleared up", async () => {
  const { patient, other, ends } = pair();
  patient.peers.get("them").verification.state = "different";
  const pipes = ends();
  const [mine, seen] = [made(patient), heard(made(other))];
  mine.share({ sharing: SHARING, kinds: ["heart-rate"], until: "stop" });
  await settled();
  assert.deepEqual(pipes.readings.sent, []);
  patient.peers.get("them").verification.state = "verified";
  patient.dispatchEvent(new Event("state"));
  await settled();
  assert.equal(seen("sharing").length, 1);
});

test("after stop nothing of it leaves the browser, not even what waited", async () => {
  const { mine, cut, ends, pipes, seen } = measuring();
  await settled();
  cut(pipes);
  measure(mine, 1);
  mine.stop(SHARING);
  const fresh = ends();
  await settled();
  assert.equal(seen("stop").length, 1);
  assert.equal(seen("reading").length, 0);
  assert.ok(fresh.readings.sent.every((data) => !data.includes('"t":"reading"')));
  assert.equal(mine.wave({ sharing: SHARING, pairing: PAIRING, frame: frame(1) }), 0);
});

test("samples go only where the device is known, and arrive as they were", async () => {
  const { mine, seen } = measuring();
  assert.equal(mine.wave({ sharing: SHARING, pairing: PAIRING, frame: frame(0) }), 0);
  await settled();
  const sent = frame(7);
  sent.setInt16(16, -1234, true);
  assert.equal(mine.wave({ sharing: SHARING, pairing: PAIRING, frame: sent }), 1);
  await settled();
  const [{ wave }] = seen("wave");
  assert.deepEqual([wave.sequence, wave.leads, wave.samples, wave.hertz], [7, 3, 10, 250]);
  assert.equal(wave.frame.getInt16(16, true), -1234);
});

test("a connection that stands still gets no more samples", async () => {
  const { mine, pipes } = measuring();
  await settled();
  pipes.waves.channel.bufferedAmount = 300_000;
  assert.equal(mine.wave({ sharing: SHARING, pairing: PAIRING, frame: frame(1) }), 0);
});

test("a sharing the server does not know in this visit is not shown", async () => {
  const { mine, told, seen } = measuring({ vouches: async () => false });
  measure(mine, 1);
  await settled();
  assert.equal(seen("sharing").length + seen("state").length + seen("reading").length, 0);
  assert.deepEqual(
    told("refused").map(({ code }) => code),
    ["sharing", "sharing", "sharing"],
  );
});

test("a sharing that nobody could ask the server about is neither shown nor given up", async () => {
  const { told, seen } = measuring({ vouches: () => Promise.reject(new Error("offline")) });
  await settled();
  assert.equal(seen("sharing").length, 0);
  assert.equal(told("refused").length + told("delivered").length, 0);
});

test("a page loaded anew gets no samples before it knows the device", async () => {
  const { mine, ends, cut, pipes, theirs, other } = measuring();
  await settled();
  theirs.close();
  cut(pipes);
  ends();
  assert.equal(mine.wave({ sharing: SHARING, pairing: PAIRING, frame: frame(1) }), 0);
  const again = heard(made(other));
  await settled();
  assert.equal(mine.wave({ sharing: SHARING, pairing: PAIRING, frame: frame(2) }), 1);
  await settled();
  assert.deepEqual([again("wave").length, again("dropped").length], [1, 0]);
});

test("readings that waited too long are told to both sides, also to a page loaded anew; not one is made up", async () => {
  const { mine, theirs, other, cut, ends, pipes, told, seen } = measuring();
  await settled();
  cut(pipes);
  for (let number = 0; number < 5010; number += 1) measure(mine, number);
  const wires = ends();
  await settled();
  const lost = told("lost").map((one) => one.reading);
  assert.equal(lost[0], reading(0).id);
  assert.equal(new Set(lost).size, lost.length);
  assert.equal(seen("missing").at(-1)?.count, lost.length);
  assert.ok(seen("reading").every((one) => !lost.includes(one.reading.id)));
  theirs.close();
  cut(wires);
  ends();
  const again = heard(made(other));
  await settled();
  assert.equal(again("missing").at(-1)?.count, lost.length);
});

test("what waited when the patient stopped is named to them as not arrived, and to nobody else", async () => {
  const { mine, cut, ends, pipes, told, seen } = measuring();
  await settled();
  cut(pipes);
  measure(mine, 1);
  mine.stop(SHARING);
  ends();
  await settled();
  assert.deepEqual(
    told("lost").map((one) => one.reading),
    [reading(1).id],
  );
  assert.equal(seen("missing").length, 0);
});
