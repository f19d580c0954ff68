// A sheet beside the call, looked at again while somebody begins to write on it or sends it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @type {((content: string) => void)[]} answers that the server has not given */ let asked = [];

/** As much of an element as a sheet needs. */
class Element extends EventTarget {
  dataset = { fragment: "/sheet/" };
  /** @type {Set<string>} */ attributes = new Set();
  /** @type {any[]} */ children = [];
  setAttribute = (/** @type {string} */ name) => this.attributes.add(name);
  removeAttribute = (/** @type {string} */ name) => this.attributes.delete(name);
  hasAttribute = (/** @type {string} */ name) => this.attributes.has(name);
  replaceChildren = (/** @type {any[]} */ ...all) => {
    this.children = all;
  };
  contains = () => false;
  querySelector = () => null;
  getAttribute = () => "/sheet/";
}
Object.assign(globalThis, {
  document: { getElementById: () => null, activeElement: null, importNode: (/** @type {any} */ node) => node },
  FormData: class {},
  XMLHttpRequest: class {
    open() {}
    setRequestHeader() {}
    send() {
      asked.push((content) => {
        const response = { querySelector: () => ({ childNodes: [content] }) };
        Object.assign(this, { status: 200, response });
        /** @type {any} */ (this).onload();
      });
    }
  },
});
const { loadSheet, refreshSheet } = await import("../../../teleward/consult/static/consult/room/sheet.js");

const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};

async function answer(/** @type {string} */ content) {
  asked.shift()?.(content);
  await turns();
}

/** One that is loaded. */
async function sheet() {
  const made = new Element();
  const element = /** @type {any} */ (made);
  void loadSheet(element, "/sheet/");
  await answer("old");
  const sends = () => {
    const event = new Event("submit", { cancelable: true });
    const form = { method: "post", hasAttribute: () => false, getAttribute: () => "/sheet/" };
    Object.defineProperty(event, "target", { value: form });
    made.dispatchEvent(event);
  };
  return { made, element, sends };
}

beforeEach(() => {
  asked = [];
});

test("what is written while a sheet is looked at again is not wiped away", async () => {
  const { made, element } = await sheet();
  void refreshSheet(element);
  made.dispatchEvent(new Event("input"));
  await answer("new");
  assert.deepEqual([made.children, made.attributes.has("aria-busy")], [["old"], false]);
});

test("a look that began before something was sent does not show what was before it", async () => {
  const { made, element, sends } = await sheet();
  sends();
  void refreshSheet(element);
  assert.equal(asked.length, 1);
  await answer("sent");
  assert.deepEqual(made.children, ["sent"]);
  await answer("and looked at again");
  assert.deepEqual(made.children, ["and looked at again"]);
});
