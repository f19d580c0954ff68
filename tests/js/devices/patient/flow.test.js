import assert from "node:assert/strict";
import { test } from "node:test";
import { Flow } from "../../../../teleward/devices/static/devices/patient/flow.js";
import { reading } from "./pressure.js";

const NOBODY = "00000000-0000-0000-0000-000000000000";
const HOLM = { seat: 1, name: "Dr. Mira Holm" };
const PAIRING = "11111111-1111-4111-8111-111111111111";

/** A flow whose server answers as told, and what it did in which order. */
function flowing(/** @type {(address: string) => any} */ server = () => ({ sharing: "s1" })) {
  const did = /** @type {[string, any][]} */ ([]);
  const channel = /** @type {any} */ ({});
  for (const name of ["share", "state", "tell", "kept", "wave", "stop", "admit"]) {
    channel[name] = (/** @type {any} */ what) => did.push([name, what]);
  }
  const post = async (/** @type {string} */ address, /** @type {object} */ body) => {
    did.push(["post", { address, ...body }]);
    return server(address);
  };
  const waits = /** @type {number[]} */ ([]);
  const wait = async (/** @type {number} */ milliseconds) => void waits.push(milliseconds);
  const urls = { share: "/devices/sharing/", stop: `/devices/sharing/${NOBODY}/stop/` };
  return { flow: new Flow({ channel, urls, post, wait }), did, waits };
}

const names = (/** @type {[string, any][]} */ did) => did.map(([name]) => name);

test("nothing is said to anybody before the server has written the consent down", async () => {
  const { flow, did } = flowing(() => {
    throw Object.assign(new Error("away"), { status: 0 });
  });
  await assert.rejects(flow.begin("blood-pressure", "stop", [HOLM]));
  assert.deepEqual(names(did), ["post"]);
  assert.equal(flow.send(reading(["138", "88"]), PAIRING), null);
  assert.equal(flow.audience.size, 0);
});

test("a stop, or a step back, while the server writes a consent down: nothing begins, and the server hears that", async () => {
  for (const back of [false, true]) {
    let answered = /** @type {(said: object) => void} */ (() => undefined);
    const { flow, did } = flowing((address) =>
      address === "/devices/sharing/" ? new Promise((answer) => (answered = answer)) : {},
    );
    let agrees = true;
    const begun = flow.begin("blood-pressure", "stop", [HOLM], () => agrees);
    if (back) agrees = false;
    else void flow.stop();
    answered({ sharing: "s1" });
    assert.equal(await begun, null);
    assert.deepEqual([flow.open, flow.audience.size, names(did)], [[], 0, ["post", "post"]]);
    assert.equal(did.at(-1)?.[1].address, "/devices/sharing/s1/stop/");
  }
});

test("what it takes to read a kind is learnt with the consent, before anything flows", async () => {
  const { flow, did } = flowing(() => ({ sharing: "s1", kinds: [{ name: "blood-pressure" }] }));
  flow.learn = (kinds) => did.push(["learn", kinds]);
  await flow.begin("blood-pressure", "stop", [HOLM]);
  assert.deepEqual(names(did), ["post", "learn", "admit", "share"]);
});

test("a reading goes out with its sharing and its pairing, to those who were named", async () => {
  const { flow, did } = flowing();
  await flow.begin("blood-pressure", "end", [HOLM]);
  const one = reading(["138", "88"]);
  assert.deepEqual(flow.send(one, PAIRING)?.to, ["Dr. Mira Holm"]);
  assert.deepEqual(did.at(-1), ["tell", { sharing: "s1", pairing: PAIRING, reading: one }]);
  assert.ok(flow.audience.has(1) && !flow.audience.has(3));
});

test("a kind nobody agreed to does not flow", async () => {
  const { flow } = flowing();
  await flow.begin("blood-pressure", "end", [HOLM]);
  assert.equal(flow.send({ ...reading(["70", "60"]), kind: "heart-rate" }, PAIRING), null);
  assert.equal(flow.sent.length, 0);
});

test("whoever comes later sees it after a yes, and is told all that stands", async () => {
  const { flow, did } = flowing();
  await flow.begin("blood-pressure", "end", [HOLM]);
  flow.include({ seat: 3, name: "Dr. Emil Rand" });
  assert.equal(did.at(-1)?.[0], "admit");
  assert.deepEqual([...flow.audience.values()], ["Dr. Mira Holm", "Dr. Emil Rand"]);
});

test("stop: the flow ends before anything else, the others are told before the server", async () => {
  const { flow, did } = flowing();
  await flow.begin("blood-pressure", "stop", [HOLM]);
  did.length = 0;
  const told = flow.stop();
  assert.equal(flow.send(reading(["138", "88"]), PAIRING), null);
  flow.sendWave("blood-pressure", PAIRING, new Uint8Array(1));
  flow.sendState("blood-pressure", PAIRING, "measuring");
  assert.equal(flow.audience.size, 0);
  await told;
  assert.deepEqual(names(did), ["stop", "post"]);
  assert.equal(did[1]?.[1].address, "/devices/sharing/s1/stop/");
});

test("a server that does not answer is told again, ever more rarely, until it has heard", async () => {
  let left = 8;
  const { flow, did, waits } = flowing((address) => {
    if (address.endsWith("/stop/") && left-- > 0)
      throw Object.assign(new Error("away"), { status: left % 2 ? 0 : 503 });
    return { sharing: "s1" };
  });
  await flow.begin("blood-pressure", "stop", [HOLM]);
  await flow.stop();
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(names(did).filter((name) => name === "post").length, 10);
  assert.equal(names(did).filter((name) => name === "stop").length, 1);
});

test("a server that says that there is nothing to stop is not told again", async () => {
  const { flow, waits } = flowing((address) => {
    if (address.endsWith("/stop/")) throw Object.assign(new Error("gone"), { status: 404 });
    return { sharing: "s1" };
  });
  await flow.begin("blood-pressure", "stop", [HOLM]);
  await flow.stop();
  assert.deepEqual(waits, []);
});

test("everything that went out stands in the list, with what became of it", async () => {
  const { flow, did } = flowing();
  await flow.begin("blood-pressure", "stop", [HOLM]);
  const [one, other] = [reading(["138", "88"]), reading(["136", "87"])];
  for (const each of [one, other]) flow.send(each, PAIRING);
  assert.deepEqual(
    flow.sent.map((sent) => sent.reading.id),
    [other.id, one.id],
  );
  flow.include({ seat: 3, name: "Dr. Emil Rand" });
  flow.send(reading(["134", "86"]), PAIRING);
  flow.arrived(one.id, "Dr. Mira Holm");
  flow.arrived(one.id, "Dr. Mira Holm");
  flow.arrived(other.id, "Dr. Mira Holm", "refused");
  flow.missed(flow.sent[0]?.reading.id ?? "", "Dr. Emil Rand");
  assert.deepEqual(
    flow.sent.map(({ to, has, lost, refused }) => [to.length, has, lost, refused]),
    [
      [2, [], ["Dr. Emil Rand"], ""],
      [1, [], [], "refused"],
      [1, ["Dr. Mira Holm"], [], ""],
    ],
  );
  const kept = /** @type {any} */ (flow.sent[2]);
  flow.kept(kept, { status: "kept" });
  assert.equal(kept.kept, "kept");
  assert.deepEqual(did.at(-1), ["kept", { sharing: "s1", pairing: PAIRING, reading: one.id, status: "kept" }]);
});
