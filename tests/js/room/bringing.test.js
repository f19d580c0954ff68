import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const MODULE = `data:text/javascript,${encodeURIComponent(
  "export const begin = (element, { call, page }) => call.begun(element, page);",
)}`;

/** As much of an element as the room needs of a sheet or a drawer. */
class Element extends EventTarget {
  /** @type {Record<string, string>} */ dataset;
  /** @type {Map<string, string>} */ attributes = new Map();
  /** @type {any[]} */ children = [];
  /** @type {Element|null} */ around = null;
  hidden = false;
  isConnected = true;
  textContent = "";

  /** @param {string} tag @param {Record<string, string>} [dataset] */
  constructor(tag, dataset = {}) {
    super();
    this.tag = tag;
    this.dataset = dataset;
  }

  setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
    this.attributes.set(name, value);
  }

  append(/** @type {any[]} */ ...all) {
    this.children.push(...all);
    for (const one of all) one.around = this;
  }

  prepend(/** @type {Element} */ one) {
    this.append(one);
  }

  remove() {
    this.around?.children.splice(this.around.children.indexOf(this), 1);
  }

  replaceChildren(/** @type {any[]} */ ...all) {
    for (const old of this.children) old.isConnected = false;
    this.children = all;
  }

  querySelectorAll(/** @type {string} */ what) {
    if (what === "h2[tabindex]") return this.children.filter(({ tag }) => tag === "h2");
    return this.children.filter(({ dataset }) => (what === "[data-module]" ? dataset.module : dataset.fragment));
  }

  closest(/** @type {string} */ what) {
    return this.tag === what ? this : this.around;
  }

  focus() {
    if (!this.hidden) page.focused = this;
  }
}

const page = {
  focused: /** @type {Element|null} */ (null),
  answers: /** @type {({children: Element[]}|null)[]} */ ([]),
  asked: /** @type {string[]} */ ([]),
};
const room = new Element("main");
Object.assign(globalThis, {
  document: {
    getElementById: (/** @type {string} */ id) => (id === "room" ? room : null),
    createElement: (/** @type {string} */ tag) => new Element(tag),
    importNode: (/** @type {Element} */ node) => node,
  },
  XMLHttpRequest: class {
    status = 200;
    response = /** @type {any} */ (null);
    onload = () => undefined;
    onerror = () => undefined;
    open = (/** @type {string} */ _method, /** @type {string} */ address) => page.asked.push(address);
    setRequestHeader = () => undefined;
    send = () =>
      setImmediate(() => {
        const answer = page.answers.shift();
        if (!answer) return this.onerror();
        this.response = { body: { childNodes: answer.children } };
        return this.onload();
      });
  },
});
const { bindBrought, toggleDrawer } = await import("../../../teleward/consult/static/consult/room/bringing.js");

/** A call that notes what was begun with it, and what has ended. */
class Call extends EventTarget {
  /** @type {[Element, any][]} */ begins = [];
  /** @type {Element[]} */ ends = [];
  state = { peers: new Map() };
  pipes = (/** @type {string} */ peer) => this.state.peers.get(peer);

  begun(/** @type {Element} */ element, /** @type {any} */ told) {
    this.begins.push([element, told]);
    return () => this.ends.push(element);
  }
}

/** Long enough for a module and an answer: both come in turns of this one process, whatever else it does. */
async function soon() {
  for (let turn = 0; turn < 2000; turn += 1) await new Promise((done) => setImmediate(done));
}
const brought = (/** @type {string} */ told) => new Element("div", { module: MODULE, page: told });
const call = () => /** @type {any} */ (new Call());

/** A sheet beside the call, with what stands in it now. @param {Element[]} content @param {string} [wakes] */
function sheet(content, wakes) {
  const made = new Element("section", { fragment: "/sheet/", ...(wakes && { wakes }) });
  made.around = new Element("details");
  made.children = content;
  room.children = [made];
  return made;
}

/** A drawer that is closed, the key that opens it, and what the server has for it. */
function drawer() {
  const made = new Element("div");
  made.hidden = true;
  const content = brought('{"visit": "v1"}');
  const heading = new Element("h2");
  page.answers = [{ children: [heading, content] }];
  return { made, opener: new Element("button"), content, heading };
}

/** @param {string} key @param {Element} target */
const pressed = (key, target) => Object.assign(new Event("keydown"), { key, pressedAt: target });

beforeEach(() => {
  Object.assign(page, { focused: null, answers: [], asked: [] });
});

test("what a sheet brings is begun with the call and what it is to know, and ends when the sheet is replaced", async () => {
  const [one, old, next] = [call(), brought('{"visit": "v1"}'), brought('{"visit": "v2"}')];
  const made = sheet([old]);
  bindBrought(one);
  made.dispatchEvent(new Event("filled"));
  await soon();
  assert.deepEqual(one.begins, [[old, { visit: "v1" }]]);
  made.replaceChildren(next);
  made.dispatchEvent(new Event("filled"));
  await soon();
  assert.deepEqual(one.ends, [old]);
  assert.deepEqual(one.begins[1], [next, { visit: "v2" }]);
});

test("what is replaced before its module has come is never begun", async () => {
  const one = call();
  const made = sheet([brought("{}")]);
  bindBrought(one);
  made.dispatchEvent(new Event("filled"));
  made.replaceChildren();
  made.dispatchEvent(new Event("filled"));
  await soon();
  assert.deepEqual(one.begins, []);
});

test("a sheet that is woken opens once, and stays as it is folded afterwards", () => {
  const one = call();
  const made = sheet([], "readings");
  bindBrought(one);
  one.dispatchEvent(new Event("readings"));
  assert.ok(made.around?.attributes.has("open"));
  made.around?.attributes.delete("open");
  one.dispatchEvent(new Event("readings"));
  assert.ok(!made.around?.attributes.has("open"));
});

test("a drawer is fetched with the first press only, begun, and takes the focus when it opens again", async () => {
  const { made, opener, content, heading } = drawer();
  const one = call();
  const press = () => toggleDrawer(/** @type {any} */ (made), /** @type {any} */ (opener), "/devices/measure/", one);
  press();
  assert.equal(opener.attributes.get("aria-expanded"), "true");
  await soon();
  assert.deepEqual(one.begins, [[content, { visit: "v1" }]]);
  press();
  assert.ok(made.hidden);
  assert.equal(opener.attributes.get("aria-expanded"), "false");
  press();
  assert.equal(page.focused, heading);
  await soon();
  assert.deepEqual(page.asked, ["/devices/measure/"]);
  assert.equal(one.begins.length, 1);
});

test("Escape closes a drawer and gives the focus back, but not out of a dialog, and no other key does", async () => {
  const { made, opener } = drawer();
  toggleDrawer(/** @type {any} */ (made), /** @type {any} */ (opener), "/devices/measure/", call());
  const at = (/** @type {string} */ key, /** @type {Element} */ target) => {
    const event = pressed(key, target);
    Object.defineProperty(event, "target", { value: target });
    made.dispatchEvent(event);
  };
  at("a", new Element("input"));
  at("Escape", new Element("dialog"));
  assert.ok(!made.hidden);
  at("Escape", new Element("input"));
  assert.ok(made.hidden);
  assert.equal(opener.attributes.get("aria-expanded"), "false");
  assert.equal(page.focused, opener);
  await soon();
});

test("a drawer that could not be fetched says so and is fetched again when that is pressed", async () => {
  const { made, opener, content } = drawer();
  page.answers.unshift(null);
  const one = call();
  toggleDrawer(/** @type {any} */ (made), /** @type {any} */ (opener), "/devices/measure/", one);
  await soon();
  const [said, again] = made.children;
  assert.equal(said.textContent, "sheet-missing");
  assert.equal(said.attributes.get("role"), "alert");
  again.dispatchEvent(new Event("click"));
  await soon();
  assert.deepEqual(one.begins, [[content, { visit: "v1" }]]);
});

test("a sheet opens by itself also when readings came before anybody listened for them", () => {
  const one = call();
  one.state.peers.set("p", { readings: { waiting: true } });
  const made = sheet([], "readings");
  bindBrought(one);
  assert.ok(made.around?.attributes.has("open"));
});

test("what a sheet brings and could not be loaded is said, and tried again by a press", async () => {
  const [one, content] = [call(), new Element("div", { module: "file:///nowhere.js", page: "{}" })];
  const made = sheet([content]);
  bindBrought(one);
  made.dispatchEvent(new Event("filled"));
  await soon();
  const [note] = content.children;
  content.dataset.module = MODULE;
  note.children.at(-1).dispatchEvent(new Event("click"));
  await soon();
  assert.deepEqual([content.children.length, one.begins.length], [0, 1]);
  made.dispatchEvent(new Event("filled"));
  await soon();
  assert.deepEqual(one.ends, [content]);
});
