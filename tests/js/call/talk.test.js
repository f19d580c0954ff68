import assert from "node:assert/strict";
import { test } from "node:test";
import { Talk } from "../../../teleward/consult/static/consult/call/talk.js";

/** A link whose other end is this test. */
function line() {
  /** @type {(data: string) => void} */ let take = () => undefined;
  const told = [];
  const talk = {
    attach: (/** @type {(data: string) => void} */ taker) => {
      take = taker;
    },
    opened: Promise.resolve(),
    tell: (/** @type {object} */ message) => told.push(message),
  };
  return { link: { pipes: { talk } }, told, say: (/** @type {object} */ message) => take(JSON.stringify(message)) };
}

function listener() {
  const heard = [];
  const around = {
    emit: (/** @type {string} */ name, /** @type {object} */ detail) => heard.push([name, detail]),
    media: {},
  };
  const { link, told, say } = line();
  new Talk({ peer: "a".repeat(32), around, media: () => undefined }).attach(link);
  return { heard, told, say };
}

const chat = (/** @type {number} */ number) => ({
  t: "chat",
  id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  text: `line ${number}`,
  at: "2026-11-22T10:00:00Z",
});

test("a line that comes twice is shown once and acknowledged twice", () => {
  const { heard, told, say } = listener();
  say(chat(1));
  say(chat(1));
  assert.equal(heard.filter(([name]) => name === "chat").length, 1);
  assert.equal(told.filter(({ t }) => t === "ack").length, 2);
});

test("who talks faster than anybody types is not listened to, and what was not taken is not acknowledged", () => {
  const { heard, told, say } = listener();
  for (let number = 0; number < 500; number += 1) say(chat(number));
  const shown = heard.filter(([name]) => name === "chat").length;
  assert.ok(shown >= 20 && shown < 60, `${shown} lines were shown`);
  assert.equal(told.filter(({ t }) => t === "ack").length, shown);
});

test("asking for a photo again and again is heard a few times", () => {
  const { heard, say } = listener();
  for (let number = 0; number < 500; number += 1) say({ t: "photo-ask" });
  assert.ok(heard.length < 60);
});

test("who asks for a photo before there is a way is heard once as soon as there is one", async () => {
  const talks = new Talk({ peer: "a".repeat(32), around: { emit: () => true, media: {} }, media: () => undefined });
  talks.askForPhoto();
  talks.askForPhoto();
  let opens = () => undefined;
  const told = [];
  const pipe = { attach() {}, opened: new Promise((done) => (opens = done)), tell: () => false };
  talks.attach(/** @type {any} */ ({ pipes: { talk: pipe } }));
  pipe.tell = (message) => told.push(message) > 0;
  opens();
  await pipe.opened;
  await undefined;
  assert.equal(told.filter(({ t }) => t === "photo-ask").length, 1);
});
