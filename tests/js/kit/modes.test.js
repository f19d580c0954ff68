import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../../teleward/consult/static/consult/kit/check.js";
import { LADDER, offers, verdict } from "../../../teleward/consult/static/consult/kit/verdict.js";
import { family, needs } from "../../../teleward/consult/static/consult/room/page.js";

const fine = { camera: true, microphone: true, speaker: true, path: /** @type {const} */ ("direct") };

test("with everything working, the wished mode is the mode", () => {
  assert.deepEqual(verdict(fine, "video"), { mode: "video", key: "verdict-video" });
  assert.deepEqual(verdict({ ...fine, camera: undefined }, "audio"), { mode: "audio", key: "verdict-audio" });
});

test("a relayed path is as good as a direct one", () => {
  assert.equal(verdict({ ...fine, path: "relayed" }, "video").mode, "video");
});

test("without a camera one still sees the other side", () => {
  assert.deepEqual(verdict({ ...fine, camera: false }, "video"), { mode: "one-way", key: "verdict-no-camera" });
});

test("without a microphone or without sound, one writes", () => {
  assert.equal(verdict({ ...fine, microphone: false }, "video").mode, "text");
  assert.equal(verdict({ ...fine, speaker: false }, "audio").mode, "text");
});

test("when no call gets through, the telephone remains, whatever was wished", () => {
  for (const mode of LADDER.filter((mode) => mode !== "phone")) {
    assert.deepEqual(verdict({ ...fine, path: "none" }, mode), { mode: "phone", key: "verdict-no-path" });
  }
});

test("what was left out of the check is not held against anybody", () => {
  assert.deepEqual(verdict({}, "video"), { mode: "video", key: "verdict-untested" });
  assert.deepEqual(verdict({ path: "direct" }, "text"), { mode: "text", key: "verdict-text" });
});

test("whoever declines a mode is offered the next one first, and never nothing", () => {
  assert.equal(offers("video")[0], "one-way");
  assert.equal(offers("audio")[0], "phone");
  for (const mode of LADDER) assert.ok(offers(mode).length > 0 && !offers(mode).includes(mode));
});

test("only what the practice offers is offered", () => {
  assert.deepEqual(offers("video", ["video", "audio", "phone"]), ["audio", "phone"]);
  assert.deepEqual(offers("text", ["video", "text"]), ["video"]);
});

test("a mode asks for no device it does not use", () => {
  assert.deepEqual(needs("video"), { camera: true, microphone: true });
  assert.deepEqual(needs("one-way"), { camera: false, microphone: true });
  assert.deepEqual(needs("text"), { camera: false, microphone: false });
  assert.equal(family("photo-audio"), "audio");
  assert.equal(family("low-video"), "video");
});

test("a path is direct only with a sign that UDP leaves this network", () => {
  const works = { works: true, outside: false, relay: "" };
  const fails = { works: false, outside: false, relay: "" };
  assert.equal(judge({ ...works, outside: true }, fails, true), "direct");
  assert.equal(judge(works, { ...works, relay: "udp" }, true), "direct");
  assert.equal(judge(works, { ...works, relay: "tls" }, true), "relayed");
  assert.equal(judge(fails, { ...works, relay: "tcp" }, true), "relayed");
  assert.equal(judge(works, fails, true), "none");
  assert.equal(judge(works, fails, false), "direct");
});
