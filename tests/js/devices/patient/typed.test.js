import assert from "node:assert/strict";
import { test } from "node:test";
import { converted } from "../../../../teleward/devices/static/devices/patient/conversion.js";
import { reach, readFields } from "../../../../teleward/devices/static/devices/patient/typed.js";
import { PRESSURE } from "./pressure.js";

const TEMPERATURE = /** @type {any} */ ({
  ...{ code: "8310-5", unit: "Cel", lowest: "25", highest: "45", digits: 1, needed: true },
});
const fields = (/** @type {Record<string, string>} */ texts, unit = "mm[Hg]") =>
  new Map(Object.entries(texts).map(([code, text]) => [code, { text, unit: code === "8867-4" ? "/min" : unit }]));
const typed = (/** @type {Record<string, string>} */ texts) => readFields(PRESSURE.quantities, fields(texts));
const problems = (/** @type {{faults: Map<string, {problem: string}>}} */ { faults }) =>
  Object.fromEntries([...faults].map(([code, { problem }]) => [code, problem]));

test("what stands on the display is taken as it is, spaces and zeros in front aside", () => {
  const { values, faults } = typed({ "8480-6": " 138", "8462-4": "088", "8867-4": "" });
  assert.equal(faults.size, 0);
  assert.deepEqual(
    values.map(({ code, value, unit }) => [code, value, unit]),
    [
      ["8480-6", "138", "mm[Hg]"],
      ["8462-4", "88", "mm[Hg]"],
    ],
  );
});

test("each field is told apart, and nothing goes out while one is wrong", () => {
  const wrong = typed({ "8480-6": "1380", "8462-4": "", "8867-4": "sixty" });
  assert.deepEqual(problems(wrong), { "8480-6": "too-high", "8462-4": "missing", "8867-4": "not-a-number" });
  assert.deepEqual(wrong.values, []);
});

test("numbers at the limits are believed, one beyond is not", () => {
  assert.deepEqual(problems(typed({ "8480-6": "300", "8462-4": "20" })), {});
  assert.deepEqual(problems(typed({ "8480-6": "301", "8462-4": "19" })), { "8480-6": "too-high", "8462-4": "too-low" });
});

test("two pressures that were swapped are noticed", () => {
  assert.deepEqual(problems(typed({ "8480-6": "88", "8462-4": "138" })), { "8462-4": "swapped" });
  assert.deepEqual(problems(typed({ "8480-6": "88", "8462-4": "88" })), { "8462-4": "swapped" });
});

test("digits that no display of this kind shows are refused, not rounded", () => {
  assert.deepEqual(problems(typed({ "8480-6": "138.5", "8462-4": "88" })), { "8480-6": "too-precise" });
  assert.deepEqual(problems(readFields([TEMPERATURE], fields({ "8310-5": "37,65" }, "Cel"))), {
    "8310-5": "too-precise",
  });
});

test("a comma and a point are the same, other signs are no number", () => {
  for (const text of ["37,6", "37.6"]) {
    assert.equal(readFields([TEMPERATURE], fields({ "8310-5": text }, "Cel")).values[0]?.value, "37.6");
  }
  for (const text of ["1e2", "0x30", "37.", ".5", "37..6", "--5", "NaN", "Infinity", "３７"]) {
    assert.equal(readFields([TEMPERATURE], fields({ "8310-5": text }, "Cel")).values.length, 0, text);
  }
});

test("another unit is converted, and what was typed is kept beside it", () => {
  const { values } = readFields([TEMPERATURE], fields({ "8310-5": "98.6" }, "[degF]"));
  assert.deepEqual(values, [
    { code: "8310-5", value: "37.0", unit: "Cel", original: { value: "98.6", unit: "[degF]" } },
  ]);
});

test("limits are told in the unit that is typed", () => {
  const { lowest, highest } = reach(TEMPERATURE, "[degF]");
  assert.deepEqual([lowest, highest], ["77.0", "113.0"]);
  assert.deepEqual(problems(readFields([TEMPERATURE], fields({ "8310-5": "37" }, "[degF]"))), { "8310-5": "too-low" });
});

test("conversions give what tables give", () => {
  const rows = /** @type {[string, string, string, number, string][]} */ ([
    ["18.4", "kPa", "mm[Hg]", 0, "138"],
    ["5.5", "mmol/L", "mg/dL", 0, "99"],
    ["150", "[lb_av]", "kg", 1, "68.0"],
    ["-40", "[degF]", "Cel", 1, "-40.0"],
    ["0.04", "[degF]", "Cel", 1, "-17.8"],
  ]);
  for (const [value, from, to, digits, told] of rows) assert.equal(converted(value, from, to, digits), told, from);
  assert.throws(() => converted("1", "kg", "Cel", 0), RangeError);
});
