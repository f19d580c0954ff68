/** Somebody who owns the signalling path: answers each side in the other's name and passes media through. */
import { promised } from "/call/pairing.js";
import { contextOf, Run, wordIndices } from "/call/words.js";

const KINDS = ["audio", "video", "video"];
const instance = "feedfeedfeedfeed";
const legs = {};
window.shown = {};

window.splice = (room, how) => {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/live/visits/${room}?role=middle`);
  let queue = Promise.resolve();
  socket.addEventListener("message", ({ data }) => {
    queue = queue.then(() => between(socket, JSON.parse(data), { room, how }));
  });
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "hello", version: 1, peer: "middle" }));
      resolve();
    });
  });
};

async function between(socket, { from, to, body }, plan) {
  if (body.kind === "offer") await deceiveLeader(socket, from, to, body, plan);
  if (body.kind === "answer") {
    await legs[from].pc.setRemoteDescription({ type: "answer", sdp: body.sdp });
    passMedia();
  }
  if (body.kind === "candidate") {
    for (const candidate of body.candidates) await legs[from]?.pc.addIceCandidate(candidate);
  }
}

function leg(socket, peer, as, epoch) {
  const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const channels = ["words", "talk", "files", "pulse"].map((name, id) =>
    pc.createDataChannel(name, { negotiated: true, id }),
  );
  const send = (body) =>
    socket.send(JSON.stringify({ type: "relay", as, to: peer, id: 1, body: { instance, epoch, ...body } }));
  pc.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate) send({ kind: "candidate", candidates: [candidate.toJSON()] });
  });
  legs[peer] = { pc, channels, send, peer };
  return legs[peer];
}

async function deceiveLeader(socket, leader, follower, { epoch, offer, sdp }, plan) {
  if (legs[leader]) return;
  const up = leg(socket, leader, follower, epoch);
  const down = leg(socket, follower, leader, epoch);
  for (const [at, channel] of up.channels.entries()) pass(channel, down.channels[at], at === 0 ? plan.how : "verbatim");
  if (plan.how === "protocol") play(up, down, plan.room);
  await up.pc.setRemoteDescription({ type: "offer", sdp });
  for (const place of up.pc.getTransceivers()) place.direction = "sendrecv";
  await up.pc.setLocalDescription();
  up.send({ kind: "answer", offer, sdp: up.pc.localDescription.sdp });
  for (const kind of KINDS) down.pc.addTransceiver(kind, { direction: "sendrecv" });
  await down.pc.setLocalDescription();
  down.send({ kind: "offer", offer, sdp: down.pc.localDescription.sdp });
}

function pass(one, other, how) {
  if (how !== "verbatim") return;
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.addEventListener("message", ({ data }) => to.readyState === "open" && to.send(data));
  }
}

function passMedia() {
  const [one, other] = Object.values(legs).map(({ pc }) => pc.getTransceivers());
  for (const [at, place] of one.entries()) {
    void place.sender.replaceTrack(other[at].receiver.track);
    void other[at].sender.replaceTrack(place.receiver.track);
  }
}

/** A greeting may overtake what the page is told of its own connection. */
async function described(pc) {
  while (!pc.currentLocalDescription || !pc.currentRemoteDescription) {
    await new Promise((told) => pc.addEventListener("signalingstatechange", told, { once: true }));
  }
}

/** The protocol on both legs: honest towards each side, about the wrong certificates. */
function play(up, down, room) {
  perform(up, room, false);
  perform(down, room, true);
}

function perform({ pc, channels: [channel], peer }, room, initiator) {
  const say = (message) => channel.send(JSON.stringify(message));
  let run = null;
  const greet = async () => {
    say({ t: "hello", known: false, runs: 0 });
    await described(pc);
    const [mine, theirs] = [pc.currentLocalDescription, pc.currentRemoteDescription].map(({ sdp }) => promised(sdp));
    run ??= new Run({ initiator, context: await contextOf(room, ...(initiator ? [mine, theirs] : [theirs, mine])) });
    if (initiator) say(await run.begin());
  };
  const step = async (message) => {
    const { reply, short } = await run.take(message);
    if (reply) say(reply);
    if (short) window.shown[peer] = wordIndices(short);
  };
  let queue = Promise.resolve();
  channel.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.t === "hello") queue = queue.then(greet);
    else if (["commit", "nonce", "reveal"].includes(message.t)) queue = queue.then(() => step(message));
  });
}
window.ready = true;
