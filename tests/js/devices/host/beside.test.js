import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Channel } from "../../../../teleward/devices/static/devices/channel.js";
import { begin } from "../../../../teleward/devices/static/devices/host/beside.js";
import { PAIRING, pair, reading, SHARING, settled, VISIT } from "../pair.js";
import { sheet } from "../paper.js";

const AGAIN = "0192f000-0000-7000-8000-0000000000fe";
const OTHER = "0192f000-0000-7000-8000-0000000000ff";
const rate = { code: "8867-4", word: "Heart rate", unit: "/min", sign: "per minute", own: false };
const limits = { lowest: "20", highest: "300", low: "50", high: "100" };
const between = { code: "8637-1", word: "Time between beats", unit: "ms", sign: "ms", own: false };
const open = { lowest: "200", highest: "3000", low: null, high: null };
const kind = (name, word, quantities, more) => ({ name, word, quantities, stale_after: 10, continuous: true, ...more });
const KINDS = {
  "heart-rate": kind("heart-rate", "Strap", [
    { ...rate, ...limits },
    { ...between, ...open },
  ]),
  thermometer: kind("thermometer", "Thermometer", [{ ...rate, ...open, code: "8310-5", unit: "Cel", sign: "°C" }], {
    continuous: false,
  }),
};
const WORDS = [
  "shows={name} shows {kinds}",
  "began={name} began {kinds}",
  "ended={name} ended {kinds}",
  "stopped-at=stopped at {time}",
  "above=above {limit}",
  "said={kind}: {values}.",
  "said-old={kind} is old",
  "missing=missing {count}",
  "dropped=dropped {count} {why}",
  "original=showed {value}",
  "from-device=from {device}",
  "line-stalled",
];
const ends = /** @type {(() => void)[]} */ ([]);
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A clinician's sheet and the patient whose call it is; the server knows these sharings. */
async function watching(going = [SHARING]) {
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ going }) });
  const { patient, other, ends: wires, cut } = pair();
  other.peers.get("them").link = "connected";
  const pipes = wires();
  const mine = new Channel(patient, { visit: VISIT });
  const element = sheet(WORDS);
  const signs = { "[degF]": "°F", "mmol/L": "mmol/L" };
  const page = { visit: VISIT, language: "en", kinds: KINDS, flags: {}, signs, going: "/going/" };
  ends.push(begin(element, { call: other, page }), () => mine.close());
  const shows = async (name, sharing = SHARING) => {
    mine.share({ sharing, kinds: [name], until: "end" });
    mine.state({ sharing, pairing: PAIRING, kind: name, state: "connected" });
    await settled();
  };
  const measures = async (number, value, more = {}) => {
    const values = [{ code: "8867-4", value, unit: "/min" }];
    mine.tell({ sharing: SHARING, pairing: PAIRING, reading: fresh(number, { values, ...more }) });
    await settled();
  };
  const text = (name) => element.part(name).textContent;
  return { mine, other, element, text, shows, measures, cut, pipes, cards: () => element.part("cards").children };
}

const fresh = (number, more) => reading(number, { received_at: new Date().toISOString(), ...more });
const numbers = (card) => card.all("tw-live-number").map(({ textContent }) => textContent);

test("before anything is shown the sheet says so; then who shows what, and a card without a value", async () => {
  const { element, text, shows, cards } = await watching();
  assert.equal(element.part("none").hidden, false);
  await shows("heart-rate");
  assert.equal(element.part("none").hidden, true);
  assert.equal(text("going"), "Jonas Weber shows Strap");
  assert.deepEqual([cards().length, numbers(cards()[0])], [1, []]);
  assert.match(cards()[0].textContent, /waiting/);
});

test("a value stands large with its unit, where it came from, and what it is outside of; a screen reader hears it", async () => {
  const { text, shows, measures, cards } = await watching();
  await shows("heart-rate");
  await measures(1, "72");
  assert.deepEqual(numbers(cards()[0]), ["72 per minute"]);
  await measures(2, "130");
  assert.deepEqual(numbers(cards()[0]), ["130 per minute"]);
  assert.equal(cards()[0].all("tw-live-value")[0].dataset.alarm, "true");
  assert.match(cards()[0].textContent, /above 100 per minute.*from Example.*not-kept/);
  assert.equal(text("said"), "Strap: Heart rate 130 per minute, above 100 per minute.");
});

test("a time between beats pushes no pulse away", async () => {
  const { shows, measures, cards } = await watching();
  await shows("heart-rate");
  await measures(1, "72");
  await measures(2, "", { values: [{ code: "8637-1", value: "812", unit: "ms" }] });
  assert.deepEqual(numbers(cards()[0]), ["72 per minute"]);
});

test("what the display showed before it was converted is told, and a unit that no display has is not", async () => {
  const { mine, shows, cards } = await watching();
  await shows("thermometer");
  for (const [number, value, unit, told] of [
    [1, "100.4", "[degF]", /showed 100\.4 °F/],
    [2, "311", "K", /Thermometer(?!.*showed)/],
    [3, "0.0062", "mol/L", /showed 6\.2 mmol\/L/],
    [4, "0.012", "mol/L", /showed 12 mmol\/L/],
  ]) {
    const values = [{ code: "8310-5", value: "38", unit: "Cel", original: { value, unit } }];
    mine.tell({ sharing: SHARING, pairing: PAIRING, reading: fresh(number, { kind: "thermometer", values }) });
    await settled();
    assert.match(cards()[0].textContent, told);
    assert.deepEqual(numbers(cards()[0]), ["38 °C"]);
  }
});

test("what is kept says so, what did not arrive and what did not fit is counted in words", async () => {
  const { mine, shows, measures, text, cards, pipes } = await watching();
  await shows("heart-rate");
  await measures(1, "72");
  mine.kept({ sharing: SHARING, pairing: PAIRING, reading: reading(1).id, status: "already" });
  await settled();
  assert.match(cards()[0].textContent, /· kept/);
  const said = (message) => pipes.readings.tell({ id: crypto.randomUUID(), visit: VISIT, ...message });
  said({ t: "missing", sharing: SHARING, count: 3 });
  said({ t: "missing", sharing: SHARING, count: 4 });
  said({ t: "missing", sharing: SHARING, count: -1 });
  said({ t: "stop", sharing: OTHER });
  await settled();
  said({ t: "missing", sharing: SHARING, count: 5 });
  await settled();
  assert.equal(text("missing"), "missing 5");
  assert.equal(text("dropped"), "dropped 1 malformed");
});

test("a sharing that the server does not know in this visit makes no card", async () => {
  const { shows, element, cards, mine } = await watching([]);
  await shows("heart-rate");
  mine.tell({ sharing: SHARING, pairing: PAIRING, reading: reading(1) });
  await settled();
  assert.equal(cards().length, 0);
  assert.equal(element.part("none").hidden, false);
});

test("after stop the last value stays, marked as stopped, and nothing more comes", async () => {
  const { mine, text, shows, measures, cards } = await watching();
  await shows("heart-rate");
  await measures(1, "72");
  mine.stop(SHARING);
  await settled();
  assert.match(text("going"), /^Strap: stopped at /);
  assert.equal(text("said"), "Jonas Weber ended Strap");
  assert.equal(cards()[0].all("tw-live-state")[0].textContent, "stopped");
  await measures(2, "90");
  assert.deepEqual(numbers(cards()[0]), ["72 per minute"]);
});

test("all values of the call stand in a table, the newest first, once it is opened", async () => {
  const { shows, measures, cards } = await watching();
  await shows("heart-rate");
  await measures(1, "72");
  const [list] = cards()[0].all("details");
  assert.equal(cards()[0].all("td").length, 0);
  list.open = true;
  list.dispatchEvent(new Event("toggle"));
  await measures(2, "74");
  const rows = cards()[0]
    .all("tbody")[0]
    .children.map((row) => row.children[1]?.textContent);
  assert.deepEqual(rows, ["74 per minute", "72 per minute"]);
});

test("when the connection of the call is gone the sheet says that what stands there gets older", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { other, text, shows } = await watching();
  await shows("heart-rate");
  other.peers.get("them").link = "stalled";
  t.mock.timers.tick(1000);
  assert.equal(text("line"), "line-stalled");
  other.peers.get("them").link = "connected";
  t.mock.timers.tick(1000);
  assert.equal(text("line"), "");
});

test("a value is old after its time, seen and heard, without a new one", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { shows, measures, cards, text } = await watching();
  await shows("heart-rate");
  await measures(1, "72");
  const began = performance.now();
  t.mock.method(performance, "now", () => began + 10_500);
  t.mock.timers.tick(1000);
  assert.equal(cards()[0].dataset.stale, "true");
  assert.equal(text("said"), "Strap is old");
});

test("whoever shows several things has one line, and one for what they ended", async () => {
  const { mine, element, shows, cards } = await watching([SHARING, OTHER, AGAIN]);
  const lines = () => element.part("going").children.map(({ textContent }) => textContent);
  await shows("heart-rate");
  mine.share({ sharing: OTHER, kinds: ["thermometer"], until: "end" });
  await settled();
  assert.deepEqual(lines(), ["Jonas Weber shows Strap, Thermometer"]);
  mine.stop(SHARING);
  await settled();
  assert.equal(lines()[0], "Jonas Weber shows Thermometer");
  assert.match(lines()[1], /^Strap: stopped at /);
  assert.equal(lines().length, 2);
  mine.share({ sharing: AGAIN, kinds: ["heart-rate"], until: "end" });
  await settled();
  assert.deepEqual(lines(), ["Jonas Weber shows Strap, Thermometer"]);
  assert.equal(cards()[0].all("tw-live-state")[0].textContent, "");
});
