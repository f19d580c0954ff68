// The equipment check and the photo desk, left in the middle: nothing that they opened stays on.

import assert from "node:assert/strict";
import { test } from "node:test";

class Element extends EventTarget {
  dataset = {};
  hidden = false;
  textContent = "";
  /** @type {(() => void)|null} */ onclick = null;
  /** @type {Map<string, Element>} */ inside = new Map();
  focus() {}
  play = async () => undefined;
  classList = { toggle() {} };

  querySelector(/** @type {string} */ what) {
    if (!this.inside.has(what)) this.inside.set(what, new Element());
    return this.inside.get(what);
  }

  querySelectorAll(/** @type {string} */ what) {
    return [this.querySelector(what)];
  }

  press() {
    this.onclick?.();
    this.dispatchEvent(new Event("click"));
  }
}
const room = new Element();
/** @type {((given: any) => void)[]} */ let asked = [];
/** @type {{stopped: boolean}[]} */ let tracks = [];
const mediaDevices = { getUserMedia: () => new Promise((give) => asked.push(give)) };
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { mediaDevices } });
Object.assign(globalThis, {
  document: { getElementById: (/** @type {string} */ id) => (id === "room" ? room : null) },
  MediaStream: class {
    getTracks = () => [];
  },
});
const { openDesk } = await import("../../../teleward/consult/static/consult/room/photodesk.js");
const { runCheck } = await import("../../../teleward/consult/static/consult/room/checkup.js");

const button = (/** @type {string} */ name) => room.querySelector(`[data-press="${name}"]`);
const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};

/** The browser gives what it was asked for. */
async function give() {
  const track = Object.assign(new EventTarget(), {
    stopped: false,
    stop: () => Object.assign(track, { stopped: true }),
  });
  tracks.push(track);
  asked.shift()?.({ getTracks: () => [track] });
  await turns();
}

/** A check whose way to the others is never found out, with the camera asked for. */
async function check() {
  [asked, tracks] = [[], []];
  const call = /** @type {any} */ ({ iceServers: () => new Promise(() => {}) });
  const done = runCheck(call, { camera: true, microphone: true });
  await turns();
  button("check-camera")?.press();
  await turns();
  return done;
}

test("who skips the check while they see themselves leaves no camera on", async () => {
  const done = check();
  await turns();
  await turns();
  await give();
  assert.deepEqual(
    tracks.map(({ stopped }) => stopped),
    [false],
  );
  button("skip")?.press();
  await done;
  assert.deepEqual(
    tracks.map(({ stopped }) => stopped),
    [true],
  );
});

test("nor does who skips it while the browser still asks", async () => {
  const done = check();
  await turns();
  await turns();
  button("skip")?.press();
  await done;
  await give();
  assert.deepEqual(
    tracks.map(({ stopped }) => stopped),
    [true],
  );
});

test("nor does who wants no photo any more while the browser still asks", async () => {
  [asked, tracks] = [[], []];
  const call = /** @type {any} */ ({ answerPhoto: async () => undefined });
  openDesk(call, /** @type {any} */ ({ camera: null }), "p", () => undefined);
  button("photo-open")?.press();
  await turns();
  button("photo-no")?.press();
  await give();
  assert.deepEqual(
    tracks.map(({ stopped }) => stopped),
    [true],
  );
});
