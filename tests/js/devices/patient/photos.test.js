import assert from "node:assert/strict";
import { test } from "node:test";
import { Photos } from "../../../../teleward/devices/static/devices/patient/photos.js";

Object.assign(globalThis, { document: { activeElement: null, body: null } });
const READING = "00000000-0000-4000-8000-000000000007";
const soon = () => new Promise((done) => setImmediate(done));
const picture = new Blob(["\xff\xd8\xff"], { type: "image/jpeg" });

/** Somebody with a photo to choose, and what was sent, withdrawn and said. */
function somebody({ redraw = async () => picture } = {}) {
  const input = Object.assign(new EventTarget(), { files: /** @type {any[]} */ ([]), value: "" });
  const shown = { hidden: true, src: "" };
  const said = /** @type {string[]} */ ([]);
  const away = { hidden: true };
  /** @type {() => void} */ let leaveOut = () => undefined;
  const drawer = /** @type {any} */ ({
    piece: (/** @type {string} */ name) => (name === "photo-file" ? input : shown),
    buttons: () => [away],
    word: (/** @type {string} */ key) => key,
    write: (/** @type {string} */ _piece, /** @type {string} */ text) => said.push(text),
    on: (/** @type {string} */ _name, /** @type {() => void} */ act) => {
      leaveOut = act;
    },
  });
  const sent = { reading: { id: READING }, photo: "" };
  const flow = /** @type {any} */ (Object.assign(new EventTarget(), { open: [{ id: "s1" }], sent: [sent] }));
  flow.pictured = (/** @type {string} */ _reading, /** @type {string} */ fate) => {
    sent.photo = fate;
    flow.dispatchEvent(new Event("change"));
  };
  const went = /** @type {any[]} */ ([]);
  const call = /** @type {any} */ (new EventTarget());
  call.send = async (/** @type {any[]} */ ...what) => went.push(what);
  call.withdraw = (/** @type {string} */ id) => went.push(["withdrawn", id]);
  const channel = new EventTarget();
  const photos = new Photos(drawer, { flow, channel, call, redraw });
  const tell = (/** @type {EventTarget} */ from, /** @type {string} */ type, /** @type {object} */ detail) =>
    from.dispatchEvent(new CustomEvent(type, { detail }));
  const choose = async () => {
    input.files = [new Blob(["raw"])];
    input.dispatchEvent(new Event("change"));
    await soon();
  };
  const stop = () => {
    flow.open = [];
    flow.dispatchEvent(new Event("change"));
  };
  const delivered = async (peer = "p1", sharing = "s1", t = "reading") => {
    tell(channel, "delivered", { t, peer, sharing, reading: READING });
    await soon();
  };
  return { photos, choose, stop, delivered, tell, call, sent, went, said, shown, away, leaveOut: () => leaveOut() };
}

test("a photo goes to whoever acknowledged its reading, under the reading's id, and to nobody before", async () => {
  const { photos, choose, delivered, sent, went } = somebody();
  await choose();
  assert.deepEqual(photos.flags, ["photo-of-display"]);
  photos.goesWith(/** @type {any} */ (sent));
  await delivered("p1", "s1", "state");
  assert.deepEqual([went, sent.photo], [[], "going"]);
  await delivered("p2");
  assert.deepEqual(went, [[picture, { name: "display.jpg", purpose: "reading" }, { id: READING, peers: ["p2"] }]]);
  assert.deepEqual(photos.flags, []);
});

test("whoever loaded the page anew and has the reading again gets the photo again", async () => {
  const { photos, choose, delivered, sent, went } = somebody();
  await choose();
  photos.goesWith(/** @type {any} */ (sent));
  await delivered();
  await delivered();
  assert.equal(went.length, 2);
});

test("what became of it is said of its reading, and what is said of other files is not", async () => {
  const { photos, choose, tell, call, sent } = somebody();
  await choose();
  photos.goesWith(/** @type {any} */ (sent));
  tell(call, "file-delivered", { id: "another" });
  assert.equal(sent.photo, "going");
  tell(call, "file-delivered", { id: READING });
  assert.equal(sent.photo, "arrived");
  tell(call, "file-refused", { id: READING });
  assert.equal(sent.photo, "refused");
});

test("after Stop nothing of it goes out: what waits is withdrawn, and the patient reads that it did not arrive", async () => {
  const { photos, choose, stop, delivered, sent, went } = somebody();
  await choose();
  photos.goesWith(/** @type {any} */ (sent));
  stop();
  await delivered();
  assert.deepEqual(went, [["withdrawn", READING]]);
  assert.equal(sent.photo, "refused");
});

test("a reading of a sharing that is over takes no photo along", async () => {
  const { photos, choose, delivered, sent, went } = somebody();
  await choose();
  photos.goesWith(/** @type {any} */ (sent));
  await delivered("p1", "s0");
  assert.deepEqual(went, []);
});

test("what is no picture is said and goes with nothing", async () => {
  const redraw = async () => {
    throw new DOMException("", "InvalidStateError");
  };
  const { photos, choose, sent, said, shown, delivered, went } = somebody({ redraw });
  await choose();
  assert.deepEqual([said.at(-1), shown.hidden], ["photo-broken", true]);
  photos.goesWith(/** @type {any} */ (sent));
  await delivered();
  assert.deepEqual([photos.flags, went, sent.photo], [[], [], ""]);
});

test("a photo may be left out again", async () => {
  const { photos, choose, leaveOut, shown, away } = somebody();
  await choose();
  assert.deepEqual([shown.hidden, away.hidden], [false, false]);
  leaveOut();
  await soon();
  assert.deepEqual([photos.flags, shown.hidden, away.hidden], [[], true, true]);
});

test("the last choice counts, however long an earlier one took to look at", async () => {
  const looked = /** @type {((blob: Blob) => void)[]} */ ([]);
  const redraw = () => new Promise((done) => looked.push(done));
  const { photos, choose, leaveOut, shown } = somebody({ redraw: /** @type {any} */ (redraw) });
  await choose();
  leaveOut();
  looked[0]?.(picture);
  await soon();
  assert.deepEqual([photos.chosen, shown.hidden], [null, true]);
  await choose();
  await choose();
  const newer = new Blob(["\xff\xd8\xff newer"]);
  looked[2]?.(newer);
  looked[1]?.(picture);
  await photos.settled;
  assert.equal(photos.chosen, newer);
});

test("a photo that was changed while a reading waited for an answer stays with the reading it was chosen for", async () => {
  const { photos, choose, sent, delivered, went } = somebody();
  await choose();
  const photo = photos.chosen;
  await photos.choose(undefined);
  photos.goesWith(/** @type {any} */ (sent), photo);
  await delivered();
  assert.equal(went[0]?.[0], photo);
});
