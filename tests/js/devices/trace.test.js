import assert from "node:assert/strict";
import { test } from "node:test";
import { readFrame } from "../../../teleward/devices/static/devices/checking.js";
import { Trace } from "../../../teleward/devices/static/devices/host/trace.js";
import { frame } from "./pair.js";

const LOOSE = -32_768;

/** A frame whose samples are their own places: lead 0 counts 0, 1, 2 …, lead 1 the same from 1000. */
function counting(sequence, { first = 0, at = sequence * 40, loose = false } = {}) {
  const view = frame(sequence >>> 0, { leads: 2 });
  view.setFloat64(4, at, true);
  for (let sample = 0; sample < 10; sample += 1) {
    const place = (sequence - first) * 10 + sample;
    view.setInt16(16 + 2 * sample, loose ? LOOSE : place % 30_000, true);
    view.setInt16(36 + 2 * sample, 1000 + (place % 30_000), true);
  }
  return readFrame(view);
}

const lead = (trace, from, to) => Array.from({ length: to - from }, (_, place) => trace.at(0, from + place));
const counted = (from, to) => Array.from({ length: to - from }, (_, place) => from + place);

test("every sample stands where its number puts it, in its lead", () => {
  const trace = new Trace();
  for (const number of [0, 1, 2]) trace.put(counting(number), 0);
  assert.deepEqual(lead(trace, 0, 30), counted(0, 30));
  assert.equal(trace.at(1, 25), 1025);
  assert.deepEqual([trace.head, trace.lost, trace.frames], [30, 0, 3]);
});

test("what comes late takes its place and is not missing; what never comes is a gap and is counted", () => {
  const trace = new Trace();
  trace.put(counting(0), 0);
  trace.put(counting(3), 10);
  assert.deepEqual(lead(trace, 10, 30), Array(20).fill(null));
  assert.equal(trace.put(counting(1), 20), 10);
  trace.settle(500);
  assert.equal(trace.lost, 0);
  trace.settle(1100);
  assert.equal(trace.lost, 1);
  assert.deepEqual(lead(trace, 10, 20), counted(10, 20));
  assert.deepEqual(lead(trace, 20, 30), Array(10).fill(null));
});

test("the same frame again changes nothing", () => {
  const trace = new Trace();
  trace.put(counting(0), 0);
  trace.put(counting(1), 0);
  assert.equal(trace.put(counting(0), 1), -1);
  assert.deepEqual([trace.frames, trace.head], [2, 20]);
});

test("numbers go on after the largest", () => {
  const trace = new Trace();
  const first = 2 ** 32 - 2;
  for (const step of [0, 1, 2, 3]) trace.put(counting(first + step, { first }), 0);
  assert.deepEqual(lead(trace, 0, 40), counted(0, 40));
  assert.equal(trace.lost, 0);
});

test("a device that counts anew begins a new curve", () => {
  const trace = new Trace();
  for (let number = 0; number < 50; number += 1) trace.put(counting(number), 0);
  assert.equal(trace.put(counting(0, { at: 9_000_000 }), 0), 0);
  assert.deepEqual([trace.head, trace.at(0, 3), trace.at(0, 12)], [10, 3, null]);
});

test("what fell out of the paper is not drawn again as new", () => {
  const trace = new Trace();
  for (let number = 0; number < 600; number += 1) trace.put(counting(number), 0);
  assert.equal(trace.at(0, 5), null);
  assert.equal(trace.at(0, 5999), 5999);
});

test("a gap of hours costs no time, and is counted", () => {
  const trace = new Trace();
  trace.put(counting(0), 0);
  trace.put(counting(900_000), 0);
  assert.equal(trace.lost, 899_999);
});

test("without contact there is a gap, and no value", () => {
  const trace = new Trace();
  trace.put(counting(0, { loose: true }), 0);
  assert.ok(trace.loose);
  assert.equal(trace.at(0, 4), null);
});
