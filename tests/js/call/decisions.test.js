import assert from "node:assert/strict";
import test from "node:test";

import { Ladder, stepOf, tooMuch } from "../../../teleward/consult/static/consult/call/ladder.js";
import { reading } from "../../../teleward/consult/static/consult/call/quality.js";
import { withoutStrays } from "../../../teleward/consult/static/consult/call/sdp.js";
import { pause } from "../../../teleward/consult/static/consult/call/signal.js";
import { EVERY, Stall, sample } from "../../../teleward/consult/static/consult/call/supervisor.js";

const still = (stall, looks, bytes = 1000) => Array.from({ length: looks }, () => stall.watch(bytes, EVERY));

function flowing() {
  const stall = new Stall();
  stall.watch(1000, EVERY);
  return stall;
}

test("standing still for 1.2 s is shown, for 2.5 s repaired, and again every 3 s", () => {
  const said = still(flowing(), 24).map((verdict, at) => verdict && [verdict, (at + 1) * EVERY]);
  assert.deepEqual(said.filter(Boolean), [
    ["stalled", 1600],
    ["repair", 2800],
    ["repair", 6000],
    ["repair", 9200],
  ]);
});

test("bytes that move again are told once", () => {
  const stall = flowing();
  still(stall, 5);
  assert.equal(stall.watch(1001, EVERY), "flowing");
  assert.equal(stall.watch(1002, EVERY), null);
  assert.equal(stall.stalled, false);
});

test("a count that shrinks, because a pair is gone, is not bytes that move", () => {
  const stall = flowing();
  still(stall, 4);
  assert.notEqual(stall.watch(10, EVERY), "flowing");
  assert.equal(stall.stalled, true);
});

test("a tab that slept for a minute blames nobody", () => {
  assert.equal(flowing().watch(1000, 60_000), null);
});

test("a connection that never stood is given six seconds", () => {
  const said = still(new Stall(), 16, 0);
  assert.equal(said.indexOf("repair"), 15);
});

test("bytes are summed over streams and pairs, with the path of the pair in use", () => {
  const stats = [
    { id: "T", type: "transport", selectedCandidatePairId: "P" },
    { id: "P", type: "candidate-pair", bytesReceived: 5, localCandidateId: "L", remoteCandidateId: "R" },
    { id: "L", type: "local-candidate", candidateType: "host" },
    { id: "R", type: "remote-candidate", candidateType: "relay" },
    { id: "A", type: "inbound-rtp", bytesReceived: 7 },
    { id: "O", type: "outbound-rtp", bytesSent: 100 },
  ];
  assert.deepEqual(sample(stats), { bytes: 12, path: "relayed" });
});

test("Firefox counts nothing on the transport and marks the pair itself", () => {
  const stats = [
    {
      id: "P",
      type: "candidate-pair",
      bytesReceived: 5,
      selected: true,
      localCandidateId: "L",
      remoteCandidateId: "R",
    },
    { id: "L", type: "local-candidate", candidateType: "host" },
    { id: "R", type: "remote-candidate", candidateType: "host" },
  ];
  assert.deepEqual(sample(stats), { bytes: 5, path: "direct" });
});

test("the socket is tried again at once, then with growing pauses, patiently after a minute", () => {
  assert.equal(pause(0, 0, 0.5), 0);
  assert.ok(pause(1, 100, 0.5) < pause(2, 400, 0.5));
  assert.ok(pause(30, 30_000, 1) < 800);
  assert.ok(pause(30, 90_000, 0) > 3000);
});

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

test("feedback lines of codecs that are not offered are left out, all others stay", () => {
  const kept =
    "v=0\r\na=rtcp-fb:1 x\r\nm=video 9 UDP/TLS/RTP/SAVPF 120 124\r\na=rtcp-fb:120 nack\r\na=rtcp-fb:* pli\r\n";
  assert.equal(
    withoutStrays(`${kept}a=rtcp-fb:99 nack pli\r\na=mid:1\r\n`),
    `${kept}a=mid:1\r\n`.replace("a=rtcp-fb:1 x\r\n", ""),
  );
});
