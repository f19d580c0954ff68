// A person presses while something else comes in, or the connection goes while words are on their way over it.

import assert from "node:assert/strict";
import test from "node:test";

import { aMoment, settled, slowStorage, Two } from "./world/verifying.js";

slowStorage();

/** Both see their words. */
async function ready() {
  const two = new Two();
  await two.connect();
  await two.pass();
  assert.deepEqual(two.states, ["ready", "ready"]);
  return two;
}

test("two people who say the same are verified, for each other as well", async () => {
  const two = await ready();
  for (const { verifies } of [two.clinician, two.patient]) await verifies.tick("same");
  await two.pass();
  assert.deepEqual(two.states, ["verified", "verified"]);
  assert.deepEqual([two.clinician.verifies.view.theirs, two.patient.verifies.view.theirs], ["same", "same"]);
});

test("the same of one connection is never said of another device that took its place at that moment", async () => {
  for (const late of [-1, 0, 1, 2, 5, 9]) {
    const two = await ready();
    const { verifies, recorded } = two.clinician;
    two.patient.certificate = new Uint8Array(5).fill(9);
    two.reload("patient");
    const pressed = late < 0 ? verifies.tick("same") : null;
    const replaced = two.connect();
    for (let turn = 0; turn < late; turn += 1) await aMoment();
    await (pressed ?? verifies.tick("same"));
    await replaced;
    await settled();
    const { state, evidence } = verifies.view;
    assert.equal(state, "changed");
    assert.ok(!recorded.some((record) => record.outcome === "same" && record.evidence === evidence));
  }
});

test("the same does not hide that the other side just said the words differ", async () => {
  for (const first of [true, false]) {
    const two = await ready();
    const { verifies, link } = two.clinician;
    const pressed = first ? verifies.tick("same") : null;
    link.pipes.words.hear({ t: "ticked", outcome: "different" });
    await (pressed ?? verifies.tick("same"));
    await settled();
    assert.deepEqual([verifies.view.state, verifies.view.because], ["different", "them"]);
  }
});

test("the same about words that another run has replaced counts for nothing", async () => {
  const two = await ready();
  const { verifies } = two.patient;
  void two.clinician.verifies.ask();
  await settled();
  const [commit] = two.clinician.link.said.splice(0);
  two.patient.link.pipes.words.hear(commit);
  await verifies.tick("same");
  await settled();
  assert.equal(verifies.view.state, "running");
  assert.ok(!two.patient.recorded.some(({ outcome }) => outcome === "same"));
});

test("that they differ counts about whichever words, and what was on its way does not lift it", async () => {
  const two = await ready();
  void two.clinician.verifies.ask();
  await settled();
  two.patient.link.pipes.words.hear(two.clinician.link.said.splice(0)[0]);
  await two.patient.verifies.tick("different");
  await two.pass();
  assert.deepEqual(two.states, ["different", "different"]);
});

test("the same of the run before is not taken for the same of this one", async () => {
  const two = await ready();
  await two.patient.verifies.tick("same");
  const late = two.patient.link.said.splice(0);
  await two.clinician.verifies.ask();
  for (const message of late) two.clinician.link.pipes.words.hear(message);
  await two.pass();
  assert.deepEqual(two.states, ["ready", "ready"]);
  assert.equal(two.clinician.verifies.view.theirs, null);
});

test("whoever asks for words between two connections asks for them with whom they saw", async () => {
  for (const name of ["clinician", "patient"]) {
    const other = name === "clinician" ? "patient" : "clinician";
    const two = await ready();
    two[other].certificate = new Uint8Array(5).fill(9);
    const replaced = two.connect();
    void two[name].verifies.ask();
    await replaced;
    await settled();
    assert.equal(two[name].verifies.view.state, "changed");
    assert.ok(!two[name].link.said.some(({ t }) => t === "commit" || t === "again"));
  }
});

test("a warning that came while the person asked for words is not lifted by asking", async () => {
  const two = await ready();
  two.clinician.link.pipes.words.hear({ t: "ticked", outcome: "different" });
  await two.clinician.verifies.ask();
  assert.equal(two.clinician.verifies.view.state, "different");
  await two.clinician.verifies.ask();
  assert.equal(two.clinician.verifies.view.state, "running");
});

test("a run whose connection was replaced goes on over the next one, wherever it stood", async () => {
  for (const lost of ["commit", "nonce", "reveal"]) {
    const two = new Two();
    await two.connect();
    await two.pass(({ t }) => t !== lost);
    assert.ok(two.states.includes("running"), lost);
    await two.connect();
    await two.pass();
    assert.deepEqual(two.states, ["ready", "ready"], lost);
    const [one, other] = [two.clinician.verifies.view, two.patient.verifies.view];
    assert.deepEqual(one.words, other.words);
    assert.ok(one.run <= 2 && (lost === "commit" || one.run === 1), "one run, unless nobody ever saw it begin");
  }
});

test("what a person said while the connection was gone is said over the next one", async () => {
  const two = await ready();
  await two.patient.verifies.tick("same");
  two.patient.link.said.splice(0);
  await two.connect();
  await two.pass();
  assert.equal(two.clinician.verifies.view.theirs, "same");
});

test("whose page is loaded anew before it said anything gets words again, also when the other one had ticked", async () => {
  for (const name of ["clinician", "patient"]) {
    const two = await ready();
    await two[name === "clinician" ? "patient" : "clinician"].verifies.tick("same");
    two.reload(name);
    await two.connect();
    await two.pass();
    assert.deepEqual(two.states, ["ready", "ready"], name);
  }
});

test("a run that waited behind a warning is forgotten when another device takes the place", async () => {
  const two = await ready();
  await two.patient.verifies.tick("different");
  await two.clinician.verifies.ask();
  await two.pass(({ t }) => t !== "ticked");
  two.clinician.certificate = new Uint8Array(5).fill(7);
  await two.connect();
  await two.pass();
  await two.patient.verifies.ask();
  await two.pass();
  assert.notEqual(two.states[1], "running");
});

test("a page that was loaded anew counts runs where the other one stands, so that both speak of the same one", async () => {
  for (const name of ["clinician", "patient"]) {
    const two = await ready();
    two.reload(name);
    await two.connect();
    await two.pass();
    for (const { verifies } of [two.clinician, two.patient]) await verifies.tick("same");
    const last = [two.clinician, two.patient].map(({ recorded }) => recorded.at(-1).run);
    assert.deepEqual(last, [2, 2], name);
  }
});
