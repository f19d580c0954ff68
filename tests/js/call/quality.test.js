import assert from "node:assert/strict";
import test from "node:test";

import { Ladder, Quality, reading, stepOf, tooMuch } from "../../../teleward/consult/static/consult/call/quality.js";

const good = { loss: 0, delay: 0.05, available: 2_000_000 };
const looks = (ladder, now, times) => Array.from({ length: times }, () => ladder.look(now)).filter(Boolean);

test("a lossy way is stepped down one by one, each with its reason, to sound alone", () => {
  const ladder = new Ladder();
  assert.deepEqual(looks(ladder, { ...good, loss: 0.5 }, 10), [
    { mode: "low-video", because: "loss" },
    { mode: "one-way", because: "loss" },
    { mode: "audio", because: "loss" },
  ]);
});

test("one bad look alone changes nothing", () => {
  const ladder = new Ladder();
  for (let n = 0; n < 10; n += 1) {
    assert.equal(ladder.look({ ...good, available: 100_000 }), null);
    assert.equal(ladder.look(good), null);
  }
});

test("a smaller picture grows again after a good while, and waits longer each time", () => {
  const ladder = new Ladder();
  const narrow = { ...good, available: 150_000 };
  const waits = [];
  for (let round = 0; round < 3; round += 1) {
    looks(ladder, narrow, 2);
    let n = 1;
    while (!ladder.look(good)) n += 1;
    waits.push(n);
  }
  assert.deepEqual(waits, [8, 16, 32]);
});

test("a camera that stopped sending never starts by itself", () => {
  const ladder = new Ladder();
  looks(ladder, { ...good, loss: 0.3 }, 4);
  assert.equal(ladder.step, 2);
  assert.deepEqual(looks(ladder, good, 500), []);
  ladder.choose("video");
  assert.equal(ladder.step, 0);
});

test("what the person chose is never exceeded", () => {
  for (const mode of ["low-video", "one-way", "photo-audio", "audio", "phone", "text"]) {
    const ladder = new Ladder();
    ladder.choose(mode);
    looks(ladder, good, 200);
    assert.equal(ladder.step, stepOf(mode));
  }
});

test("a slow machine is a reason only while pictures are few", () => {
  assert.equal(tooMuch(0, { ...good, limitedBy: "cpu", fps: 5 }), "cpu");
  assert.equal(tooMuch(0, { ...good, limitedBy: "cpu", fps: 25 }), null);
});

test("without reports from the other side nothing is judged", () => {
  assert.equal(reading([{ type: "outbound-rtp", kind: "video", framesPerSecond: 3 }]), null);
});

/** A connection of one side; the one that answers has no place to send from before the description came. */
function connection(epoch, { places = true, takes = () => true } = {}) {
  const set = [];
  const sender = {
    track: null,
    getParameters: () => ({ encodings: [{}] }),
    setParameters: async ({ encodings: [encoding] }) => {
      if (!takes()) throw new DOMException("", "InvalidModificationError");
      set.push(encoding.active);
    },
  };
  const link = { epoch, places: [], set, pc: { getStats: async () => new Map() } };
  link.describe = () => link.places.push({ kind: "video", sender });
  if (places) link.describe();
  return link;
}

/** What is sent is fitted to it from now on; `look` lets two seconds pass. */
function fitted(t, first) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const now = { link: first };
  const around = { media: { mode: "audio" }, note: () => {}, emit: () => true, achieved: () => {} };
  const quality = new Quality({ peer: "p", around, link: () => now.link, flows: () => true });
  t.after(() => quality.close());
  const look = async () => {
    t.mock.timers.tick(2000);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((done) => setImmediate(done));
  };
  return { now, quality, look };
}

test("a picture that was stopped for a slow way stays stopped on the next connection, also of who only answers", async (t) => {
  const { now, quality, look } = fitted(t, connection("one"));
  now.link = connection("two", { places: false });
  quality.attach();
  now.link.describe();
  await look();
  await look();
  assert.deepEqual(now.link.set, [false]);
});

test("what a sender did not take, since it was busy with another change, is tried again", async (t) => {
  const busy = [true, true];
  const { now, look } = fitted(t, connection("one", { takes: () => !busy.shift() }));
  await look();
  await look();
  await look();
  assert.deepEqual(now.link.set, [false]);
});
