import assert from "node:assert/strict";
import test from "node:test";

import { Receiving } from "../../../teleward/consult/static/consult/call/receiving.js";
import { CHUNK, Sending } from "../../../teleward/consult/static/consult/call/sending.js";

const ID = "12345678-1234-4234-8234-123456789abc";
const OTHER = "12345678-1234-4234-8234-123456789abd";
/** Waits for it to happen, for so many turns at most. */
async function until(happened) {
  for (let turn = 0; turn < 100_000 && !happened(); turn += 1) await new Promise((done) => setImmediate(done));
  assert.ok(happened());
}
const jpeg = (size = 100) => new Blob([Uint8Array.of(0xff, 0xd8, 0xff), new Uint8Array(size)]);

/** Two people, one of whom sends; `wants` says what the other does with an offer: true, false, or null for nobody there. */
function two(wants = /** @type {(detail: any) => boolean|null} */ (() => null)) {
  const said = /** @type {[string, any][]} */ ([]);
  const chunks = /** @type {Uint8Array[]} */ ([]);
  const channel = Object.assign(new EventTarget(), {
    bufferedAmount: 0,
    bufferedAmountLowThreshold: 0,
    send: (/** @type {Uint8Array} */ chunk) => {
      chunks.push(chunk);
      void receiving.take(/** @type {any} */ (chunk.slice().buffer));
    },
  });
  const sending = new Sending((type, detail) => said.push([type, detail]) > 0);
  const receiving = new Receiving((type, detail) => {
    said.push([type, detail]);
    if (type !== "file-offered") return true;
    const answer = wants(detail);
    if (answer !== null) receiving.answer(String(detail.id), answer);
    return answer === null;
  });
  const opened = Promise.resolve();
  const there = { open: true, opened, tell: (/** @type {any} */ told) => void sending.heard(told) };
  const tell = (/** @type {any} */ offer) => {
    queueMicrotask(() => receiving.offered(offer));
    return true;
  };
  receiving.attach(/** @type {any} */ (there));
  sending.attach(/** @type {any} */ ({ channel, open: true, opened, tell }));
  const heard = () => said.map(([type, { purpose }]) => `${type} ${purpose ?? ""}`.trim());
  return { sending, said, heard, chunks };
}

const about = /** @type {const} */ ({ name: "display.jpg", purpose: "reading" });

test("a picture of a reading arrives under the reading's id, and is no message among others", async () => {
  const { sending, said, heard } = two(() => true);
  await sending.add(ID, jpeg(), about);
  await until(() => heard().includes("file-delivered reading") && said.some(([type]) => type === "reading-photo"));
  assert.deepEqual(heard().at(0), "file-offered reading");
  assert.deepEqual(said.find(([type]) => type === "reading-photo")?.[1].id, ID);
  assert.ok(!heard().some((one) => /^(photo|file$)/.test(one)));
});

test("where no readings are shown a picture of one is refused before a byte of it goes", async () => {
  const { sending, heard, chunks } = two();
  await sending.add(ID, jpeg(), about);
  await until(() => heard().includes("file-refused reading"));
  assert.deepEqual(chunks, []);
});

test("what is no picture is no picture of a reading", async () => {
  const { sending, said } = two(() => true);
  await sending.add(ID, new Blob(["%PDF-1.7\n"]), about);
  assert.deepEqual(said, [["file-refused", { id: ID, code: "file:type", purpose: "reading" }]]);
});

test("what is withdrawn goes no further, and what waited behind it goes", async () => {
  const { sending, said, heard, chunks } = two(({ id }) => {
    if (id === ID) sending.withdraw(ID);
    return true;
  });
  await sending.add(ID, jpeg(5 * CHUNK), about);
  await sending.add(OTHER, jpeg(), { name: "knee.jpg", purpose: "photo" });
  await until(() => heard().includes("file-delivered photo"));
  assert.equal(chunks.length, 1);
  assert.deepEqual(
    said.filter(([type]) => type === "photo" || type === "reading-photo").map(([, { id }]) => id),
    [OTHER],
  );
});

test("what is withdrawn while it is still looked at is never offered", async () => {
  const { sending, said, chunks } = two(() => true);
  const added = sending.add(ID, jpeg(), about);
  sending.withdraw(ID);
  await added;
  await sending.add(OTHER, jpeg(), { name: "knee.jpg", purpose: "photo" });
  await until(() => said.some(([type]) => type === "photo"));
  assert.equal(chunks.length, 1);
  assert.ok(!said.some(([, { id }]) => id === ID));
});

test("what arrived, and was offered again because the answer was lost, is said to be there and shown once", async () => {
  const said = /** @type {[string, any][]} */ ([]);
  const told = /** @type {any[]} */ ([]);
  const receiving = new Receiving((type, detail) => said.push([type, detail]) > 0);
  const pipe = () => /** @type {any} */ ({ tell: (/** @type {any} */ message) => told.push(message) });
  const bytes = new Uint8Array(await jpeg().arrayBuffer());
  const hash = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  const offer = { id: ID, name: "knee.jpg", type: "image/jpeg", size: bytes.length, hash, purpose: "photo" };
  receiving.attach(pipe());
  receiving.offered(offer);
  receiving.attach(pipe()); // the connection was replaced before a byte went
  receiving.offered(offer);
  await receiving.take(bytes.slice().buffer);
  receiving.attach(pipe());
  receiving.offered(offer);
  assert.deepEqual(
    told.map(({ t }) => t),
    ["accept", "accept", "done", "done"],
  );
  assert.deepEqual(
    said.map(([type]) => type).filter((type) => type !== "file-progress"),
    ["file-offered", "photo"],
  );
});
