import assert from "node:assert/strict";
import { test } from "node:test";
import { AGAIN, Outbox, WINDOW } from "../../../teleward/devices/static/devices/outbox.js";

const message = (number, t = "reading") => ({ t, id: `message-${number}` });

/** An outbox whose other end is this test, begun at no time at all. */
function begun(may = () => true) {
  const [sent, lost] = [[], []];
  const outbox = new Outbox(may, ({ id }) => lost.push(id));
  const pipe = { open: true, opened: new Promise(() => {}), tell: ({ id }) => pipe.open && sent.push(id) > 0 };
  outbox.attach(pipe);
  return { outbox, pipe, sent, lost };
}

test("what was not acknowledged goes out again, and not before its time", () => {
  const { outbox, sent } = begun();
  outbox.put("one", message(1));
  const now = performance.now();
  outbox.pump(now + AGAIN - 100);
  assert.equal(sent.length, 1);
  outbox.pump(now + AGAIN + 1);
  assert.deepEqual(sent, ["message-1", "message-1"]);
  assert.equal(outbox.acknowledged("message-1")?.id, "message-1");
  outbox.pump(now + 10 * AGAIN);
  assert.equal(sent.length, 2);
});

test("only so many are on their way, and each that arrives makes room for the next", () => {
  const { outbox, sent } = begun();
  for (let number = 0; number < 2 * WINDOW; number += 1) outbox.put(`key ${number}`, message(number));
  assert.equal(sent.length, WINDOW);
  outbox.acknowledged("message-3");
  assert.equal(sent.at(-1), `message-${WINDOW}`);
});

test("a message waits for the one it needs", () => {
  const { outbox, sent } = begun();
  outbox.put("sharing", message(1, "sharing"));
  outbox.put("state", message(2, "state"), "sharing");
  assert.deepEqual(sent, ["message-1"]);
  outbox.acknowledged("message-1");
  assert.deepEqual(sent, ["message-1", "message-2"]);
});

test("of two with the same key only the newer one waits", () => {
  const { outbox, pipe, sent } = begun();
  pipe.open = false;
  outbox.put("state", message(1, "state"));
  outbox.put("state", message(2, "state"));
  pipe.open = true;
  outbox.pump();
  assert.deepEqual(sent, ["message-2"]);
});

test("what waits without end gives up the oldest readings, says which, and keeps what was agreed", () => {
  const { outbox, pipe, lost } = begun();
  pipe.open = false;
  outbox.put("sharing", message("sharing", "sharing"));
  for (let number = 0; number < 5010; number += 1) outbox.put(`key ${number}`, message(number));
  assert.deepEqual([outbox.length, lost.length, lost[0], lost.at(-1)], [5000, 11, "message-0", "message-10"]);
  assert.equal(outbox.acknowledged("message-0"), null);
  assert.equal(outbox.acknowledged("message-sharing")?.t, "sharing");
});

test("what is forgotten goes out no more; what never went out is named, and what was on its way may still have come", () => {
  const { outbox, pipe, sent } = begun();
  outbox.put("one", message(1));
  pipe.open = false;
  outbox.put("two", message(2));
  const never = outbox.forget(({ t }) => t === "reading");
  assert.deepEqual(
    never.map(({ id }) => id),
    ["message-2"],
  );
  pipe.open = true;
  outbox.pump(performance.now() + 10 * AGAIN);
  assert.deepEqual(sent, ["message-1"]);
  assert.equal(outbox.acknowledged("message-1")?.id, "message-1");
  assert.equal(outbox.acknowledged("message-1"), null);
});
