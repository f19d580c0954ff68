// A note that saves itself, and a person who goes on: each saving follows the version that the one before it made.

import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {any[]} requests that the server has not answered */ const asked = [];

class Element extends EventTarget {}

/** The form of a note, with the version it follows. */
class Form extends Element {
  after = { value: "0" };
  elements = { namedItem: () => this.after };
  dataset = { autosave: "not saved" };
  isConnected = true;
  submits = 0;
  closest = () => this;
  querySelector = () => null;
  requestSubmit = () => {
    this.submits += 1;
  };
}
const page = Object.assign(new EventTarget(), { visibilityState: "hidden" });
Object.assign(globalThis, {
  Element,
  document: page,
  FormData: class {
    constructor(/** @type {Form} */ form) {
      this.after = form.after.value;
    }
  },
  XMLHttpRequest: class {
    open() {}
    setRequestHeader() {}
    send(/** @type {any} */ body) {
      asked.push({ after: body.after, answer: (/** @type {string} */ version) => this.answered(version) });
    }
    answered(/** @type {string} */ version) {
      const said = /** @type {any} */ ({
        "[name=after]": { value: version },
        "[role=status]": { textContent: "Saved" },
      });
      Object.assign(this, { status: 200, response: { querySelector: (/** @type {string} */ what) => said[what] } });
      /** @type {any} */ (this).onload();
    }
  },
});
await import("../../../teleward/consult/static/consult/desk/autosave.js");

/** Something happens at the form. @param {Form} form @param {string} type */
function happens(form, type) {
  const event = new Event(type, { cancelable: true });
  Object.defineProperty(event, "target", { value: form });
  page.dispatchEvent(event);
  return event;
}
const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};

/** The person typed, and leaves the page. @param {Form} form */
async function leaves(form) {
  happens(form, "input");
  page.dispatchEvent(new Event("visibilitychange"));
  await turns();
}

test("what is typed while the note saves itself is saved after it, as the next version", async () => {
  const form = new Form();
  await leaves(form);
  await leaves(form);
  assert.equal(asked.length, 1);
  asked.shift().answer("1");
  await turns();
  assert.deepEqual(
    asked.map(({ after }) => after),
    ["1"],
  );
  asked.shift().answer("2");
  await turns();
});

test("pressing save while the note saves itself sends it once, after that", async () => {
  const form = new Form();
  await leaves(form);
  for (const press of ["first", "again"]) assert.ok(happens(form, "submit").defaultPrevented, press);
  assert.equal(form.submits, 0);
  asked.shift().answer("1");
  await turns();
  assert.deepEqual([form.submits, form.after.value], [1, "1"]);
  assert.ok(!happens(form, "submit").defaultPrevented);
});
