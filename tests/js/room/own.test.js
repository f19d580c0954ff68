// My microphone, camera and screen while the browser still asks: a second press, a change of mind, the end of the call.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Own } from "../../../teleward/consult/static/consult/room/own.js";

class Track extends EventTarget {
  stopped = false;
  stop = () => {
    this.stopped = true;
  };
}

/** @type {((stream: {getTracks: () => Track[]}) => void)[]} what the browser was asked for and has not given */
let asked = [];
/** @type {Track[]} */ let given = [];
const mediaDevices = { getUserMedia: () => new Promise((give) => asked.push(give)) };
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { mediaDevices } });

/** The person says yes to all that is asked. */
function allow() {
  for (const give of asked.splice(0)) {
    const track = new Track();
    given.push(track);
    give({ getTracks: () => [track] });
  }
}

const on = () => given.filter(({ stopped }) => !stopped).length;

beforeEach(() => {
  asked = [];
  given = [];
});

test("a second press while the browser asks opens no second track", async () => {
  for (const press of /** @type {const} */ (["toggleMicrophone", "toggleCamera"])) {
    given = [];
    const own = new Own(false);
    const pressed = [own[press](), own[press]()];
    allow();
    await Promise.all(pressed);
    assert.equal(on(), 1);
    own.stop();
    assert.equal(on(), 0);
  }
});

test("what is given after the call was left is let go at once, and nothing is on", async () => {
  for (const press of /** @type {const} */ (["toggleMicrophone", "toggleCamera"])) {
    const own = new Own(false);
    const pressed = own[press]();
    own.stop();
    allow();
    await pressed;
    assert.deepEqual([on(), own.microphone, own.camera, own.picture, own.shown], [0, null, null, null, false]);
  }
});

test("a screen that is chosen after the call was left is not shared", async () => {
  const own = new Own(false);
  const track = new Track();
  const taken = own.take("screen", async () => ({ track: /** @type {any} */ (track) }));
  own.stop();
  await taken;
  assert.deepEqual([own.screen, track.stopped], [null, true]);
});

test("a look that cannot be painted leaves no camera on, and nothing of it is sent", async () => {
  const own = new Own(false);
  own.effect = "blur"; // there is no canvas here
  const pressed = own.toggleCamera();
  allow();
  await pressed;
  assert.deepEqual([on(), own.picture, own.sent], [0, null, null]);
});

test("a picture that was dropped while its look was made does not come back", async () => {
  const own = new Own(false);
  const pressed = own.toggleCamera();
  allow();
  await pressed;
  const worn = own.wear("pixelate");
  await own.toggleCamera();
  await worn;
  assert.deepEqual([on(), own.picture, own.shown], [0, null, false]);
});
