import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import * as words from "../../../teleward/consult/static/consult/call/words.js";

const { hex, unhex } = words;
const vectors = JSON.parse(readFileSync(new URL("../../vectors/verification_words.json", import.meta.url)));
const bytes = (text) => unhex(text, 32);

async function exchange(initiator, responder, change = (message) => message) {
  const nonce = (await responder.take(change(await initiator.begin()))).reply;
  const { reply, short } = await initiator.take(change(nonce));
  return { mine: short, theirs: (await responder.take(change(reply))).short };
}

async function pair(one = {}, other = {}) {
  const context = await words.contextOf("visit", new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
  return [new words.Run({ initiator: true, context, ...one }), new words.Run({ initiator: false, context, ...other })];
}

test("another implementation computes the same, step by step", async () => {
  for (const known of vectors) {
    const context = await words.contextOf(known.visit, bytes(known.initiator), bytes(known.responder));
    assert.equal(hex(context), known.context);
    assert.equal(hex(await words.commitment(context, bytes(known.nonceI))), known.commitment);
    assert.equal(await words.evidenceOf(bytes(known.initiator), bytes(known.responder)), known.evidence);
    const short = await words.shortString(context, bytes(known.nonceI), bytes(known.nonceR));
    assert.deepEqual(words.wordIndices(short), known.words);
    assert.equal(words.digitsOf(short), known.digits);
    assert.deepEqual(words.emojiIndices(short), known.emoji);
  }
});

test("a run with known nonces sends the known commitment and ends in the known words on both sides", async () => {
  for (const known of vectors) {
    const context = await words.contextOf(known.visit, bytes(known.initiator), bytes(known.responder));
    const initiator = new words.Run({ initiator: true, context, nonce: bytes(known.nonceI) });
    const responder = new words.Run({ initiator: false, context, nonce: bytes(known.nonceR) });
    const { mine, theirs } = await exchange(initiator, responder, (message) => {
      if (message.t === "commit") assert.equal(message.c, known.commitment);
      return message;
    });
    assert.deepEqual(words.wordIndices(mine), known.words);
    assert.deepEqual(mine, theirs);
  }
});

test("two runs never show the same string", async () => {
  const seen = new Set();
  for (let n = 0; n < 50; n += 1) seen.add(words.digitsOf((await exchange(...(await pair()))).mine));
  assert.equal(seen.size, 50);
});

test("a nonce other than the one committed to is a hard error", async () => {
  const forged = "7".repeat(64);
  const [initiator, responder] = await pair();
  const swap = (message) => (message.t === "reveal" ? { ...message, n: forged } : message);
  await assert.rejects(exchange(initiator, responder, swap), { code: "commit" });
});

test("messages carried on verbatim between two different pairs of certificates are a hard error", async () => {
  const other = await words.contextOf("visit", new Uint8Array(32).fill(1), new Uint8Array(32).fill(9));
  await assert.rejects(exchange(...(await pair({}, { context: other }))), { code: "commit" });
});

test("another visit is another context", async () => {
  const prints = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  assert.notDeepEqual(await words.contextOf("a", ...prints), await words.contextOf("b", ...prints));
});

test("whoever swaps the roles gets another context", async () => {
  const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  assert.notDeepEqual(await words.contextOf("a", one, two), await words.contextOf("a", two, one));
});

test("steps out of order end the run", async () => {
  const [initiator, responder] = await pair();
  await assert.rejects(responder.begin(), { code: "order" });
  const commit = await initiator.begin();
  await assert.rejects(initiator.begin(), { code: "order" });
  await responder.take(commit);
  await assert.rejects(responder.take({ ...commit, c: "0".repeat(64) }), { code: "order" });
});

test("the same message again gets the same answer, and shows nothing a second time", async () => {
  const [initiator, responder] = await pair();
  const commit = await initiator.begin();
  const { reply: nonce } = await responder.take(commit);
  assert.deepEqual(await responder.take(commit), { reply: nonce });
  const { reply: reveal } = await initiator.take(nonce);
  assert.deepEqual(await initiator.take(nonce), { reply: reveal });
  await responder.take(reveal);
  assert.deepEqual(await responder.take(reveal), { reply: undefined });
});

test("a second nonce after the reveal is refused: there is one guess only", async () => {
  const [initiator, responder] = await pair();
  const nonce = (await responder.take(await initiator.begin())).reply;
  await initiator.take(nonce);
  await assert.rejects(initiator.take({ ...nonce, n: "0".repeat(64) }), { code: "order" });
});

test("a message of another run is passed over", async () => {
  const [initiator] = await pair();
  await initiator.begin();
  assert.deepEqual(await initiator.take({ t: "nonce", n: "0".repeat(64), c: "another" }), {});
});

test("malformed values are refused", async () => {
  for (const c of [undefined, 7, "", "xy", "A".repeat(64), "0".repeat(63), "0".repeat(66)]) {
    const [, responder] = await pair();
    await assert.rejects(responder.take({ t: "commit", c }), { code: "malformed" });
  }
});
