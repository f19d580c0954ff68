import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clocks,
  lastWithValue,
  nextWithValue,
  rangeOf,
} from "../../../../teleward/devices/static/devices/trend/scale.js";

/** @param {object} changes */
const drawn = (changes) => ({ low: [60, null, 70], high: [65, null, 90], band: null, ...changes });

test("the axis holds all values and the band, with a little room", () => {
  const [low, high] = rangeOf(drawn({ band: [50, 120] }));
  assert.ok(low < 50 && low > 40);
  assert.ok(high > 120 && high < 130);
});

test("a band with one end and a single value have an axis too", () => {
  const [low, high] = rangeOf(drawn({ low: [37], high: [37], band: [null, 37] }));
  assert.ok(low < 37 && high > 37);
});

test("the arrow keys pass over what was not measured", () => {
  const values = [60, null, null, 70];
  assert.equal(nextWithValue(values, 0, 1), 3);
  assert.equal(nextWithValue(values, 3, -1), 0);
  assert.equal(nextWithValue(values, 3, 1), 3);
  assert.equal(nextWithValue(values, -1, 1), 0);
  assert.equal(lastWithValue([60, null]), 0);
});

test("a clock says the time of the practice, whatever the browser's is", () => {
  const at = Date.UTC(2026, 10, 22, 11, 5) / 1000;
  assert.match(clocks("de", "Europe/Berlin", 7).said(at), /22\. Nov\.?,? 12:05/);
  assert.equal(clocks("en", "Europe/Berlin", 1).axis(at), "12:05");
  assert.match(clocks("en", "Europe/Berlin", 365).said(at), /2026/);
});
