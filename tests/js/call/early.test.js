// A connection may stand, and carry messages, before the page is told what was agreed: then nothing is judged yet.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import { fingerprintsOf } from "../../../teleward/consult/static/consult/call/pairing.js";
import { commitment, contextOf, hex, unhex } from "../../../teleward/consult/static/consult/call/words.js";
import { Connection, certificate, linked, settled, theirs, verification } from "./world/verifying.js";

/** What a browser counts, where it has the other side's certificate. */
const counted = (der) => async () =>
  new Map([
    ["T1", { type: "transport", dtlsState: "connected", remoteCertificateId: "C1" }],
    ["C1", { type: "certificate", base64Certificate: btoa(String.fromCharCode(...der)) }],
  ]);

test("without both descriptions there is nothing to compare, and nothing wrong", async () => {
  const pc = new Connection();
  assert.equal(await fingerprintsOf(pc), null);
  pc.describe();
  assert.notEqual(await fingerprintsOf(pc), null);
});

test("a transport that stands before its certificate can be read is waited for, not called false", async () => {
  const pc = new Connection();
  pc.describe();
  pc.sctp.transport.certificate = null;
  assert.equal(await fingerprintsOf(pc), null);
});

test("a certificate that is never handed to the page is read from what the browser counts, and held to the same", async () => {
  const pc = new Connection();
  pc.describe();
  pc.sctp.transport.certificate = null;
  pc.getStats = counted(certificate);
  assert.deepEqual((await fingerprintsOf(pc))?.theirs, theirs);
  pc.getStats = counted(new TextEncoder().encode("somebody else"));
  await assert.rejects(fingerprintsOf(pc), { message: "remote" });
});

test("a transport that the browser never calls connected, and that carries a connection, is read from what it counts", async () => {
  const pc = new Connection();
  pc.describe();
  pc.sctp.transport.state = "connecting";
  pc.getStats = counted(certificate);
  assert.equal(await fingerprintsOf(pc), null);
  pc.connectionState = "connected";
  assert.deepEqual((await fingerprintsOf(pc))?.theirs, theirs);
});

test("a browser that never says what it counts is asked again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const pc = new Connection();
  pc.describe();
  pc.sctp.transport.certificate = null;
  pc.getStats = () => new Promise(() => {});
  const looked = fingerprintsOf(pc);
  t.mock.timers.tick(2000);
  assert.equal(await looked, null);
});

test("a store that never answers holds up no words: the device is one that nobody verified", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const silent = () => ({});
  Object.defineProperty(globalThis, "indexedDB", { configurable: true, value: { open: silent } });
  t.after(() => Reflect.deleteProperty(globalThis, "indexedDB"));
  const { verifies } = verification();
  const link = linked();
  link.pc.describe();
  verifies.attach(link);
  const looked = verifies.recheck();
  await settled();
  assert.equal(verifies.pairing.met, false);
  t.mock.timers.tick(5000);
  await looked;
  assert.deepEqual([verifies.pairing.met, verifies.pairing.knownSince], [true, null]);
  assert.deepEqual(link.said.at(0)?.t, "hello");
});

test("a transport that stands without a word of the browser is found at the next look", async () => {
  const { verifies } = verification();
  const link = linked("connecting");
  link.pc.describe();
  verifies.attach(link);
  link.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "en" });
  await settled();
  link.pc.sctp.transport.state = "connected"; // and nothing is said of it
  await settled();
  assert.deepEqual(link.said, []);
  verifies.lookAgain();
  while (link.said.length < 2) await settled();
  assert.equal(verifies.view.state, "running");
  const before = link.said.length;
  verifies.lookAgain();
  await settled();
  assert.equal(link.said.length, before);
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

test("one that came before the browser calls its transport connected waits too: words are never bound to nothing", async () => {
  const { problems, verifies } = verification();
  const link = linked("connecting");
  link.pc.describe();
  verifies.attach(link);
  link.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "en" });
  await settled();
  assert.deepEqual([verifies.view.state, link.said, problems], ["none", [], []]);
  link.pc.sctp.transport.became("connected");
  while (link.said.length < 2) await settled();
  assert.deepEqual([verifies.view.state, verifies.view.evidence?.length, problems], ["running", 64, []]);
  const [, { c }] = link.said;
  link.pipes.words.hear({ t: "nonce", n: "5".repeat(64), c });
  while (link.said.length < 3) await settled();
  const context = await contextOf(
    "visit",
    new Uint8Array(createHash("sha256").update(new Uint8Array(3)).digest()),
    theirs,
  );
  assert.equal(c, hex(await commitment(context, unhex(link.said[2].n, 32))));
});

test("one that came before its channel calls itself open waits as well, so that the answer is not lost", async () => {
  const { verifies } = verification();
  const link = linked();
  link.pc.describe();
  link.pipes.words.open = false;
  verifies.attach(link);
  link.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "en" });
  await settled();
  assert.equal(verifies.view.run, 0);
  link.pipes.words.open = true;
  await verifies.recheck();
  assert.deepEqual(
    link.said.map(({ t }) => t),
    ["hello", "commit"],
  );
});

test("what came early is taken in its order, before anything that came later", async () => {
  const { verifies } = verification();
  const link = linked("connecting");
  link.pc.describe();
  verifies.attach(link);
  link.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "de" });
  link.pc.sctp.transport.state = "connected"; // and the browser has not said so yet
  link.pipes.words.hear({ t: "ticked", outcome: "different" });
  await verifies.recheck();
  assert.deepEqual([verifies.view.state, verifies.view.because, verifies.view.run], ["different", "them", 1]);
});

test("on a new connection nothing is said or believed by what was known of the old one", async () => {
  const { verifies } = verification();
  const [old, fresh] = [linked(), linked("connecting")];
  for (const { pc } of [old, fresh]) pc.describe();
  verifies.attach(old);
  await verifies.recheck();
  verifies.attach(fresh);
  fresh.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "en" });
  await settled();
  assert.deepEqual([verifies.view.state, fresh.said], ["none", []]);
  fresh.pc.sctp.transport.became("connected");
  while (fresh.said.length < 2) await settled();
  assert.equal(verifies.view.state, "running");
});
