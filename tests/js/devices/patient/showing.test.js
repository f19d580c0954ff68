import assert from "node:assert/strict";
import { test } from "node:test";
import { Flow } from "../../../../teleward/devices/static/devices/patient/flow.js";
import { Bar, Shown } from "../../../../teleward/devices/static/devices/patient/showing.js";
import { element } from "../paper.js";
import { PRESSURE, reading } from "./pressure.js";

const [HOLM, RAND] = [
  { seat: 1, name: "Holm" },
  { seat: 3, name: "Rand" },
];

/** The bar and the list of somebody who shows their blood pressure to two. */
async function showing() {
  const channel = /** @type {any} */ ({});
  for (const name of ["share", "tell", "stop", "admit", "kept"]) channel[name] = () => undefined;
  let sharings = 0;
  const post = async () => ({ sharing: `s${++sharings}` });
  const flow = new Flow({ channel, urls: { share: "/", stop: "/" }, post });
  const [list, section] = [/** @type {any} */ (element("ul")), element("section")];
  const call = { querySelector: () => null, prepend: (/** @type {any} */ bar) => section.append(bar) };
  const drawer = /** @type {any} */ ({
    word: (/** @type {string} */ key, values = {}) => [key, ...Object.values(values)].join(" "),
    list: (/** @type {Iterable<string>} */ names) => [...names].join(" and "),
    kind: (/** @type {string} */ name) => ({ ...PRESSURE, word: name }),
    reading: () => "138/88",
    clock: () => "10:00",
    piece: (/** @type {string} */ name) => (name === "shown-list" ? list : element("p")),
    root: { closest: () => call },
    page: { flags: {}, urls: {} },
  });
  const bar = new Bar(drawer, flow, () => undefined);
  const shown = new Shown(drawer, flow, async () => ({}));
  await flow.begin("blood-pressure", "stop", [HOLM, RAND]);
  const rows = () => list.children.map((/** @type {any} */ row) => row.textContent);
  return { flow, bar, shown, rows, told: () => section.textContent ?? "" };
}

test("to whom a reading came, to whom it is on its way and whom it will not reach, each by name", async () => {
  const { flow, rows } = await showing();
  const one = reading(["138", "88"]);
  flow.send(one, "p");
  assert.match(rows()[0], /shown-to Holm and Rand/);
  flow.arrived(one.id, "Holm");
  assert.match(rows()[0], /shown-arrived Holm shown-to Rand/);
  flow.missed(one.id, "Rand");
  assert.match(rows()[0], /shown-arrived Holm shown-lost Rand/);
  flow.arrived(one.id, "Ott");
  assert.match(rows()[0], /shown-arrived Holm and Ott shown-lost Rand/);
});

test("the bar counts what did not arrive for as long as anything flows", async () => {
  const { flow, told } = await showing();
  const [one, other] = [reading(["138", "88"]), reading(["136", "86"])];
  for (const each of [one, other]) flow.send(each, "p");
  assert.doesNotMatch(told(), /bar-lost/);
  for (const { name } of [HOLM, RAND]) flow.missed(one.id, name);
  assert.match(told(), /bar-lost 1/);
  flow.missed(other.id, "Rand");
  assert.match(told(), /bar-lost 2/);
  void flow.stop();
  assert.doesNotMatch(told(), /bar-lost|bar-line/);
});

test("whoever comes later stands in the bar with a button, and is shown nothing before it is pressed", async () => {
  const { flow, bar, told } = await showing();
  bar.offer([{ seat: 4, name: "Ott" }], (person) => flow.include(person));
  assert.match(told(), /bar-late Ott/);
  assert.equal(flow.audience.has(4), false);
});

test("what was told about an earlier reading is gone when the next one goes out", async () => {
  const { flow, bar, told } = await showing();
  bar.tell("thrown away");
  assert.match(told(), /thrown away/);
  flow.send(reading(["138", "88"]), "p");
  assert.doesNotMatch(told(), /thrown away/);
});

test("up to two devices stand in the bar by name; of more it says how many, with the names one press away", async () => {
  const { flow, bar, told } = await showing();
  await flow.begin("thermometer", "stop", [HOLM]);
  assert.match(told(), /bar-line blood-pressure and thermometer Holm and Rand/);
  await flow.begin("weight", "stop", [HOLM]);
  assert.match(told(), /bar-line-many 3 Holm and Rand/);
  assert.match(told(), /blood-pressure and thermometer and weight/);
  void flow.stop();
  bar.draw();
  assert.doesNotMatch(told(), /bar-line/);
});

test("whoever stops again because something changed is heard once", async () => {
  const { flow } = await showing();
  let heard = 0;
  flow.addEventListener("change", () => {
    heard += 1;
    void flow.stop();
  });
  void flow.stop();
  assert.equal(heard, 1);
});
