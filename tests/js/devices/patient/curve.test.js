import assert from "node:assert/strict";
import { test } from "node:test";
import { Curve, LONGEST } from "../../../../teleward/devices/static/devices/patient/curve.js";

const piece = (/** @type {number[]} */ ...samples) => ({
  ...{ hertz: 100, factor: "0.001", unit: "mV" },
  leads: [samples, samples.map((one) => -one)],
});

test("frames that follow each other are one stretch, lead by lead", () => {
  const curve = new Curve();
  curve.take(7, piece(1, 2));
  curve.take(8, piece(3, 4));
  assert.deepEqual(curve.newest?.leads, [
    [1, 2, 3, 4],
    [-1, -2, -3, -4],
  ]);
  assert.equal(curve.seconds, 0.04);
});

test("a gap is not bridged: the stretch begins behind it", () => {
  const curve = new Curve();
  curve.take(7, piece(1, 2));
  curve.take(9, piece(5, 6));
  assert.deepEqual(curve.newest?.leads[0], [5, 6]);
  assert.equal(curve.frames, 2);
});

test("the numbers of frames begin again without a gap", () => {
  const curve = new Curve();
  curve.take(2 ** 32 - 1, piece(1));
  curve.take(0, piece(2));
  assert.deepEqual(curve.newest?.leads[0], [1, 2]);
});

test("only the newest seconds are held", () => {
  const curve = new Curve();
  for (let frame = 0; frame < 3000; frame += 1) curve.take(frame, piece(frame));
  assert.equal(curve.seconds, LONGEST);
  assert.equal(curve.newest?.leads[0]?.at(-1), 2999);
  assert.equal(curve.newest?.leads[0]?.[0], 2000);
});

test("another rate or other leads begin anew", () => {
  const curve = new Curve();
  curve.take(1, piece(1));
  curve.take(2, { ...piece(2), hertz: 250 });
  assert.deepEqual(curve.newest?.leads[0], [2]);
});
