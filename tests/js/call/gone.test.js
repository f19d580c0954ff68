// Who goes, or whose connection is replaced, while something of it is still being made.

import assert from "node:assert/strict";
import test from "node:test";
import { Mesh } from "../../../teleward/consult/static/consult/call/mesh.js";

/** @type {Connection[]} */ let made = [];

class Connection extends EventTarget {
  connectionState = "new";
  signalingState = "stable";

  constructor() {
    super();
    made.push(this);
  }

  close() {
    this.signalingState = "closed";
  }

  createDataChannel() {
    if (this.signalingState === "closed") throw new DOMException("", "InvalidStateError");
    return Object.assign(new EventTarget(), { readyState: "connecting" });
  }

  addTransceiver() {
    const track = {};
    const replaceTrack = async () => {
      if (this.signalingState === "closed") throw new DOMException("", "InvalidStateError");
    };
    const sender = { track: null, replaceTrack, getParameters: () => ({ encodings: [] }) };
    return { sender, receiver: { track } };
  }

  getTransceivers = () => [];
  createOffer = async () => ({});
  setLocalDescription = async () => undefined;
  getStats = async () => new Map();

  became(state) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}
Object.assign(globalThis, {
  RTCPeerConnection: Connection,
  MediaStream: class {},
  RTCRtpReceiver: { getCapabilities: () => null },
});

/** A mesh that waits for its relays as long as the test wants. */
function meshed(t) {
  made = [];
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  let fetched = () => undefined;
  const ice = new Promise((done) => {
    fetched = () => done({ servers: [], ttl: 0 });
  });
  const sent = [];
  const around = {
    visit: "visit",
    language: "en",
    media: {},
    note: () => {},
    changed: () => {},
    heard: () => true,
    doubt: () => {},
    emit: () => true,
    send: (message) => sent.push(message),
    freshIce: () => ice,
  };
  const mesh = new Mesh(around);
  t.after(() => mesh.close());
  return { mesh, sent, fetched };
}

const patient = { peer: "p", seat: 2, role: "patient", name: "p" };
const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};

test("who went while a connection to them was made gets none, and none stays open", async (t) => {
  const { mesh, sent, fetched } = meshed(t);
  mesh.meet(patient, 1, false);
  await turns();
  mesh.part("p", "left");
  fetched();
  await turns();
  assert.deepEqual(
    made.map(({ signalingState }) => signalingState),
    ["closed"],
  );
  assert.deepEqual(sent, []);
});

test("a connection that replaces another one is not called connected before it is", async (t) => {
  const { mesh, fetched } = meshed(t);
  fetched();
  mesh.meet(patient, 1, false);
  await turns();
  const peer = mesh.peers.get("p");
  assert.equal(peer.state, "new");
  made[0].became("connected");
  assert.equal(peer.state, "connected");
  peer.link.stood = true;
  mesh.receive("p", { kind: "need-restart", instance: "one", lost: true, fresh: true });
  await turns();
  assert.equal(made.length, 2);
  assert.equal(peer.state, "stalled");
  made[1].became("connected");
  assert.equal(peer.state, "connected");
});

test("a track that changes while a connection closes is told to the others all the same", async (t) => {
  const { mesh, fetched } = meshed(t);
  fetched();
  mesh.meet(patient, 1, false);
  await turns();
  made[0].close();
  await mesh.setTrack("audio", null);
  assert.equal(mesh.tracks.get("audio"), null);
});

test("a wish for another connection that comes when this one has just come about does not tear it down", async (t) => {
  const { mesh, fetched } = meshed(t);
  fetched();
  mesh.meet(patient, 1, false);
  await turns();
  const wish = { kind: "need-restart", instance: "one", lost: true, fresh: true };
  mesh.receive("p", wish);
  await turns();
  assert.equal(made.length, 2, "nothing had come about");
  made[1].became("connected");
  mesh.receive("p", wish);
  await turns();
  assert.deepEqual([made.length, made[1].signalingState], [2, "stable"]);
  mesh.receive("p", { ...wish, instance: "a page loaded anew" });
  await turns();
  assert.equal(made.length, 3);
});
