// A connection may stand, and carry messages, before the page is told what was agreed: then nothing is judged yet.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import { Verification } from "../../../teleward/consult/static/consult/call/verification.js";
import { fingerprintsOf } from "../../../teleward/consult/static/consult/call/words.js";

const certificate = new TextEncoder().encode("the certificate of the other side");
const promise = (bytes) => {
  const pairs = createHash("sha256").update(bytes).digest("hex").match(/../g).join(":");
  return { sdp: `v=0\r\na=fingerprint:sha-256 ${pairs}\r\n` };
};

class Connection extends EventTarget {
  sctp = { transport: { state: "connected", getRemoteCertificates: () => [certificate.buffer] } };
  currentLocalDescription = null;
  currentRemoteDescription = null;
  getReceivers = () => [];

  describe(other = certificate) {
    this.currentLocalDescription = promise(new Uint8Array(3));
    this.currentRemoteDescription = promise(other);
    this.dispatchEvent(new Event("signalingstatechange"));
  }
}

/** A link whose words pipe is driven by hand. */
function linked() {
  const pc = new Connection();
  const said = [];
  const pipe = { open: true, opened: new Promise(() => {}), tell: (message) => said.push(message) };
  pipe.attach = (read) => Object.assign(pipe, { hear: (message) => read(JSON.stringify(message)) });
  return { pc, pipes: { words: pipe }, said };
}

function verification() {
  const problems = [];
  const around = {
    visit: "visit",
    language: "en",
    note: () => {},
    changed: () => {},
    send: () => {},
    emit: (_type, problem) => problems.push(problem.code),
  };
  return { problems, verifies: new Verification({ peer: "p", initiator: true, around }) };
}

/** Long enough for what was begun to come to its end: everything here waits for a hash at most. */
async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await crypto.subtle.digest("SHA-256", certificate);
}

test("without both descriptions there is nothing to compare, and nothing wrong", async () => {
  const pc = new Connection();
  assert.equal(await fingerprintsOf(pc), null);
  pc.describe();
  assert.notEqual(await fingerprintsOf(pc), null);
});

test("with them another certificate than the promised one is wrong", async () => {
  const pc = new Connection();
  pc.describe(new TextEncoder().encode("somebody else"));
  await assert.rejects(fingerprintsOf(pc), { message: "remote" });
});

test("a greeting that came too early is taken once the descriptions are there, and the words begin", async () => {
  const { problems, verifies } = verification();
  const link = linked();
  verifies.attach(link);
  link.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "en" });
  await settled();
  assert.deepEqual([verifies.view.state, problems], ["none", []]);
  link.pc.describe();
  while (link.said.length < 2) await settled();
  assert.deepEqual([verifies.view.state, problems], ["running", []]);
  assert.deepEqual(
    link.said.map(({ t }) => t),
    ["hello", "commit"],
  );
});
