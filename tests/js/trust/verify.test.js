import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import * as seal from "../../../teleward/trust/static/trust/seal/verify.js";

const known = JSON.parse(readFileSync(new URL("../../vectors/sealed_entries.json", import.meta.url)));
const outside = JSON.parse(readFileSync(new URL("../../vectors/ledger.json", import.meta.url)));
const SIZES = Object.keys(known.checkpoints).map(Number);
const flipped = (text) =>
  Buffer.from(Buffer.from(text, "base64").map((b, at) => (at === 3 ? b ^ 1 : b))).toString("base64");

/** What the server would send to somebody whose last visit saw a tree of `before` leaves. */
function sent({ size = 65, before = size, from = 1, to = 9, newest = true } = {}) {
  const inTree = (entry) => entry.index < size;
  const entries = known.entries.filter((entry) => entry.number >= from && entry.number <= to).reverse();
  return structuredClone({
    checkpoint: known.checkpoints[size],
    key: known.key,
    witnesses: [known.witness],
    consistency: known.consistency[`${before}-${size}`],
    newest,
    entries: entries.map((entry) => ({
      ...entry,
      index: inTree(entry) ? entry.index : null,
      path: inTree(entry) ? known.inclusion[`${entry.index}-${size}`] : [],
    })),
  });
}

/** What the browser kept of a visit at that size. */
const kept = (size, number = 5) => ({
  checkpoint: known.checkpoints[size],
  key: known.key,
  number,
  leaf: known.entries[number - 1].leaf,
});

async function broken(proofs, memory = null) {
  try {
    await seal.verify(proofs, memory);
  } catch (problem) {
    assert.ok(problem instanceof seal.Broken, String(problem));
    return problem.reason;
  }
  return "";
}

/** What comes of a change to what the server sends. */
function after(change, memory = null, given = {}) {
  const proofs = sent(given);
  change(proofs);
  return broken(proofs, memory);
}

test("what an honest ledger sends is believed, at the first visit and at the next", async () => {
  for (const before of SIZES) {
    const checked = await seal.verify(sent({ before }), kept(before));
    assert.deepEqual(checked.sealed, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert.deepEqual(checked.witnesses, [known.witness]);
  }
  const first = await seal.verify(sent(), null);
  assert.deepEqual(first.memory, {
    checkpoint: known.checkpoints[65],
    key: known.key,
    number: 9,
    leaf: known.entries[8].leaf,
  });
});

test("every leaf of every tree is found by its path and by no other", async () => {
  for (const size of SIZES) {
    const { root } = seal.read(known.checkpoints[size]);
    for (let index = 0; index < size; index += 1) {
      const path = known.inclusion[`${index}-${size}`];
      assert.equal(await seal.rootOf(known.order[index], index, size, path), root);
      for (const other of [index + 1, index - 1, size - 1 - index].filter((one) => one !== index)) {
        assert.notEqual(await seal.rootOf(known.order[index], other, size, path), root);
      }
    }
  }
});

test("every tree follows every smaller one, and no proof serves another pair", async () => {
  const note = (size) => seal.read(known.checkpoints[size]);
  for (const [pair, path] of Object.entries(known.consistency)) {
    const [older, newer] = pair.split("-").map(Number);
    assert.ok(await seal.follows(note(older), note(newer), path), pair);
    if (older === newer) continue;
    const forged = { ...note(older), root: flipped(note(older).root) };
    assert.equal(await seal.follows(forged, note(newer), path), false, pair);
    assert.equal(await seal.follows(note(older), note(newer), path.slice(1)), false, pair);
    assert.equal(await seal.follows(note(newer), note(older), path), false, pair);
  }
});

test("what the sequencer has not taken up is waiting, and everything below is sealed", async () => {
  const checked = await seal.verify(sent({ size: 33 }), null);
  assert.deepEqual(checked.waiting, [9, 8, 7, 6, 5]);
  assert.deepEqual(checked.sealed, [4, 3, 2, 1]);
});

test("an entry that was erased stays in the tree without its words", async () => {
  const proofs = sent();
  Object.assign(proofs.entries[4], { salt: "", body: "" });
  assert.deepEqual((await seal.verify(proofs, null)).closed, [5]);
});

test("a changed entry is found, whatever was changed in it", async () => {
  const change = (name, value) =>
    after(({ entries }) => Object.assign(entries[4], { [name]: value(entries[4][name]) }));
  assert.equal(await change("body", (body) => body.replace("read", "list")), "changed");
  assert.equal(await change("salt", flipped), "changed");
  assert.equal(await change("leaf", flipped), "changed");
  assert.equal(await change("prev", flipped), "changed");
  assert.equal(await change("number", () => 4), "missing");
  assert.equal(await change("path", (path) => path.map(flipped)), "tree");
  assert.equal(await change("index", (index) => index - 1), "tree");
});

test("a chain written anew without the tree is found", async () => {
  const rewritten = async ({ entries }) => {
    let prev = entries[4].prev;
    for (const entry of entries.slice(0, 5).reverse()) {
      Object.assign(entry, { prev, body: entry.body.replace("read", "list") });
      prev = entry.leaf = await seal.leafOf(entry);
    }
  };
  const proofs = sent();
  await rewritten(proofs);
  assert.equal(await broken(proofs), "tree");
  for (const entry of proofs.entries) entry.index = null;
  assert.equal(await broken(proofs, kept(65, 9)), "changed");
});

test("an entry taken out is missed in the middle, at the beginning and at the end", async () => {
  assert.equal(await after(({ entries }) => entries.splice(4, 1)), "missing");
  assert.equal(await after(({ entries }) => entries.shift(), kept(65, 9)), "missing");
  assert.equal(await after(({ entries }) => entries.splice(0, 9), kept(65, 9)), "missing");
  assert.equal(await after(({ entries }) => entries.pop()), "");
  assert.equal(await after(({ entries }) => Object.assign(entries[8], { prev: entries[3].leaf })), "changed");
});

test("an older page may end below what was seen last", async () => {
  assert.equal(await broken(sent({ to: 4, newest: false }), kept(65, 9)), "");
  assert.equal(await broken(sent({ to: 4 }), kept(65, 9)), "missing");
});

test("a checkpoint by another hand is not believed", async () => {
  assert.equal(await after((proofs) => Object.assign(proofs, { checkpoint: known.forged })), "signature");
  assert.equal(await after((proofs) => Object.assign(proofs, { key: known.stranger })), "signature");
  assert.equal(
    await after((proofs) => Object.assign(proofs, { checkpoint: known.forged, key: known.stranger }), kept(65)),
    "key",
  );
  const unsigned = (text) => text.replace(/^— .*\n/gmu, "");
  assert.equal(
    await after((proofs) => Object.assign(proofs, { checkpoint: unsigned(proofs.checkpoint) })),
    "signature",
  );
  const larger = (text) => text.replace("\n65\n", "\n66\n");
  assert.equal(await after((proofs) => Object.assign(proofs, { checkpoint: larger(proofs.checkpoint) })), "signature");
});

test("a key whose short name does not belong to it signs nothing", async () => {
  const renamed = known.key.replace(/\+[0-9a-f]{8}\+/, "+00000000+");
  assert.equal(await seal.isSignedBy(seal.read(known.checkpoints[65]), renamed), false);
  assert.equal(await seal.isSignedBy(seal.read(known.checkpoints[65]), "nonsense"), false);
});

test("a witness counts when it signed and does not when it did not", async () => {
  const proofs = sent();
  proofs.checkpoint = proofs.checkpoint.replace(/^— witness.*\n/mu, "");
  assert.deepEqual((await seal.verify(proofs, null)).witnesses, []);
  proofs.checkpoint = known.forged;
  assert.equal(await seal.isSignedBy(seal.read(known.forged), known.witness), true);
});

test("a ledger that went back, was forked or began anew is found at the second visit", async () => {
  assert.equal(await broken(sent({ size: 33 }), kept(65, 1)), "rollback");
  assert.equal(await after((proofs) => proofs.consistency.pop(), kept(33), { before: 33 }), "fork");
  const forked = { ...kept(33), checkpoint: kept(33).checkpoint.replace(/^.{43}=$/mu, flipped) };
  assert.equal(await broken(sent({ before: 33 }), forked), "fork");
  assert.equal(
    await after((proofs) => Object.assign(proofs, { checkpoint: known.moved, key: known.movedKey }), kept(65)),
    "key",
  );
});

test("what is no checkpoint is refused as such", async () => {
  for (const text of ["", "a", "a\n\n", "a\n01\n\n", "a\n-1\nAAAA\n\n", "a\n1\nshort\n\n"])
    assert.throws(() => seal.read(text), { reason: "checkpoint" });
});

test("what another implementation signed and proved is believed", async () => {
  const notes = new Map(outside.checkpoints.map(({ size, cosigned }) => [size, seal.read(cosigned)]));
  for (const note of notes.values()) {
    assert.equal(await seal.isSignedBy(note, outside.log_vkey), true);
    assert.equal(await seal.isSignedBy(note, outside.witness_vkey), true);
  }
  const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
  const leaf = (index) => sha(Buffer.of(0), sha(Buffer.from(`entry ${index}`))).toString("base64");
  for (const { index, size, path } of outside.inclusion)
    assert.equal(await seal.rootOf(leaf(index), index, size, path), notes.get(size).root);
  for (const { old, size, path } of outside.consistency)
    assert.ok(await seal.follows(notes.get(old), notes.get(size), path), `${old}-${size}`);
});
