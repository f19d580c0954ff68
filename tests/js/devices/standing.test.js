import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ageOf,
  clockSays,
  dots,
  drawn,
  insert,
  isStale,
  judged,
  newestOf,
  reach,
  standingOf,
} from "../../../teleward/devices/static/devices/host/standing.js";
import { reading } from "./pair.js";

const RATE = { code: "8867-4", unit: "/min", lowest: "20", highest: "300", low: "60", high: "100", own: false };
const KIND = { name: "heart-rate", stale_after: 10, continuous: true, quantities: [RATE] };
const entry = (number, taken, value = "72", more = {}) => ({
  reading: reading(number, { values: [{ code: "8867-4", value, unit: "/min" }], ...more }),
  pairing: "p",
  taken,
  kept: "",
});

test("a value is old after its kind's time, and not before", () => {
  assert.equal(isStale(entry(1, 0), KIND, 10_000), false);
  assert.equal(isStale(entry(1, 0), KIND, 10_001), true);
});

test("a reading from a device's memory is as old as the device says, however fresh it came", () => {
  const stored = entry(1, 0, "72", { measured_at: "2026-11-21T10:00:00.000Z" });
  assert.equal(ageOf(stored, 1000), 86_401_000);
  assert.ok(isStale(stored, KIND, 1000));
});

test("a device's clock that is ahead makes nothing younger, and one that agrees is not spoken of", () => {
  const ahead = reading(1, { measured_at: "2026-11-22T11:00:00.000Z" });
  assert.equal(clockSays(ahead), -3_600_000);
  assert.equal(ageOf({ reading: ahead, taken: 0 }, 5000), 5000);
  assert.equal(clockSays(reading(1, { measured_at: "2026-11-22T09:59:30.000Z" })), null);
  assert.equal(clockSays(reading(1)), null);
});

for (const [value, side, limit, implausible] of [
  ["60", "", "", false],
  ["59.9", "below", "60", false],
  ["100", "", "", false],
  ["101", "above", "100", false],
  ["301", "above", "100", true],
  ["9", "below", "60", true],
]) {
  test(`${value} is ${side || "within"}${implausible ? ", and can hardly be" : ""}`, () => {
    assert.deepEqual(judged({ code: "8867-4", value }, RATE), { side, limit, implausible });
  });
}

test("no limit is no alarm, and what is no number has none", () => {
  const open = { ...RATE, low: null, high: null };
  assert.deepEqual(judged({ code: "8867-4", value: "250" }, open), { side: "", limit: "", implausible: false });
  assert.equal(judged({ code: "8867-4", absent: "not-a-number" }, RATE).side, "");
});

test("what comes again late stands where it was taken, once, and the oldest makes room", () => {
  const all = [];
  const at = (second) => entry(second, 0, "72", { received_at: `2026-11-22T10:00:0${second}.000Z` });
  assert.ok(insert(all, at(1), 3));
  assert.ok(insert(all, at(3), 3));
  assert.ok(insert(all, at(2), 3));
  assert.equal(insert(all, at(2), 3), false);
  insert(all, at(4), 3);
  assert.deepEqual(
    all.map(({ reading: { sequence } }) => sequence),
    [2, 3, 4],
  );
});

test("what one frame held stays in its order, however the way here took", () => {
  const all = [];
  insert(all, entry(1, 100.9), 3);
  insert(all, entry(2, 100.2), 3);
  assert.equal(newestOf(all, KIND)?.reading.sequence, 2);
});

test("what a device had in its memory stands where it was measured, however late it is shown", () => {
  const all = [];
  insert(all, entry(1, 1000), 3);
  insert(all, entry(2, 5000, "72", { measured_at: "2026-11-22T09:00:00.000Z" }), 3);
  assert.deepEqual(
    all.map(({ reading: { sequence } }) => sequence),
    [2, 1],
  );
  assert.equal(newestOf(all, KIND)?.reading.sequence, 1);
  assert.equal(dots(all, [RATE], 5000, 60_000).span, 3_600_000);
});

test("a time between two beats does not push the pulse away", () => {
  const between = entry(2, 200);
  between.reading.values = [{ code: "8637-1", value: "812.5", unit: "ms" }];
  assert.equal(newestOf([entry(1, 100), between], KIND)?.reading.sequence, 1);
  assert.equal(newestOf([between], KIND)?.reading.sequence, 2);
  assert.equal(newestOf([], KIND), undefined);
});

test("each value is one dot at its time, nothing lies between, and an absent one is none", () => {
  const none = entry(3, 90_000, undefined);
  none.reading.values = [{ code: "8867-4", absent: "not-a-number" }];
  const { span, all } = dots([entry(1, 0), entry(2, 60_000, "130"), none], [RATE], 120_000, 60_000);
  assert.equal(span, 120_000);
  assert.deepEqual(
    all.map(({ x, number, isOut }) => [x, number, isOut]),
    [
      [0, 72, false],
      [0.5, 130, true],
    ],
  );
});

test("the picture reaches over all values and the limits that are near", () => {
  const { bottom, top } = reach([{ number: 70 }, { number: 74 }], [RATE]);
  assert.ok(bottom < 60 && top > 74);
  const far = reach([{ number: 250 }], [RATE]);
  assert.ok(far.bottom > 150, "limits far away do not flatten the dots");
});

test("what is measured in the same unit beside the first is drawn with it", () => {
  const lower = { ...RATE, code: "other" };
  assert.equal(drawn({ quantities: [RATE, lower] }).length, 2);
  assert.equal(drawn({ quantities: [RATE, { ...lower, unit: "ms" }] }).length, 1);
  assert.equal(drawn({ quantities: [] }).length, 0);
});

test("of several devices of a kind the last one heard of is shown, and those that still measure", () => {
  assert.deepEqual(standingOf(["disconnected", "measuring"]), { states: ["measuring"], isLost: false });
  assert.deepEqual(standingOf(["measuring", "out-of-range"]), { states: ["measuring", "out-of-range"], isLost: false });
  assert.deepEqual(standingOf(["connected", "connected"]), { states: ["connected"], isLost: false });
  assert.deepEqual(standingOf(["stopped", "disconnected"]), { states: ["disconnected"], isLost: true });
  assert.deepEqual(standingOf([]), { states: [], isLost: false });
});
