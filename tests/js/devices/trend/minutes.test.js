import assert from "node:assert/strict";
import { test } from "node:test";

import { Minutes } from "../../../../teleward/devices/static/devices/trend/minutes.js";

const MINUTE = 60_000;

test("a minute counts once, however much was done in it, and one without anything is none", () => {
  const minutes = new Minutes();
  for (const at of [10, 20, 59_999, 3 * MINUTE]) minutes.note(at);
  assert.deepEqual(minutes.take(), [0, 3]);
});

test("what was told is not told again, what could not be told is", () => {
  const minutes = new Minutes();
  minutes.note(MINUTE);
  const told = minutes.take();
  minutes.note(MINUTE + 5);
  assert.deepEqual(minutes.take(), []);
  minutes.give(told);
  assert.deepEqual(minutes.take(), [1]);
});
