import assert from "node:assert/strict";
import test from "node:test";
import { withoutStrays } from "../../../teleward/consult/static/consult/call/link.js";
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

test("feedback lines of codecs that are not offered are left out, all others stay", () => {
  const kept =
    "v=0\r\na=rtcp-fb:1 x\r\nm=video 9 UDP/TLS/RTP/SAVPF 120 124\r\na=rtcp-fb:120 nack\r\na=rtcp-fb:* pli\r\n";
  assert.equal(
    withoutStrays(`${kept}a=rtcp-fb:99 nack pli\r\na=mid:1\r\n`),
    `${kept}a=mid:1\r\n`.replace("a=rtcp-fb:1 x\r\n", ""),
  );
});
