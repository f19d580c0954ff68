// Who gets the pipes for measurements: nobody before it is known with whom they are joined.

import assert from "node:assert/strict";
import test from "node:test";
import { Conversation } from "../../../teleward/consult/static/consult/call/talk.js";
import { linked, settled } from "./world/verifying.js";

const pipe = () => ({ attach() {}, opened: new Promise(() => {}), waiting: false, tell: () => false });

/** A connection with everything it carries. */
function whole(state) {
  const link = linked(state);
  link.pc.describe();
  Object.assign(link.pipes, { talk: pipe(), files: pipe(), readings: pipe(), waves: pipe() });
  return link;
}

function conversation() {
  const heard = [];
  const around = {
    visit: "visit",
    language: "en",
    media: {},
    note: () => {},
    send: () => {},
    changed: () => heard.push(`state ${talks.verification.view.state}`),
    emit: (type) => heard.push(type),
  };
  const talks = new Conversation({ parts: { around, leader: true, person: { peer: "p" } }, state: "connected" });
  return { talks, heard };
}

test("measurements are offered no way before its certificates were read, and then only after it was said whose they are", async () => {
  const { talks, heard } = conversation();
  const [first, other] = [whole(), whole("connecting")];
  talks.attach(first);
  assert.equal(talks.pipes, null);
  await talks.verification.recheck();
  assert.equal(talks.pipes.readings, first.pipes.readings);
  heard.length = 0;
  const somebody = new TextEncoder().encode("somebody else");
  other.pc.sctp.transport.certificate = somebody;
  other.pc.describe(somebody);
  talks.attach(other);
  other.pipes.words.hear({ t: "hello", known: false, runs: 0, language: "en" });
  await settled();
  assert.deepEqual([talks.pipes, heard], [null, []]);
  other.pc.sctp.transport.became("connected");
  while (!talks.pipes) await settled();
  assert.deepEqual(heard.slice(0, 2), ["state changed", "pipes"]);
  assert.equal(talks.pipes.readings, other.pipes.readings);
  talks.close();
});
