// A page without a browser: as much of elements as the pages of measurements need, kept as a tree that tests read.

const visible = (node) => (typeof node === "string" ? node : node.textContent);

class Element extends EventTarget {
  className = "";
  hidden = false;
  open = false;
  dataset = {};
  style = {};
  attributes = new Map();
  childNodes = [];

  constructor(tagName) {
    super();
    this.tagName = tagName;
  }

  get children() {
    return this.childNodes.filter((node) => typeof node !== "string");
  }

  get textContent() {
    return this.childNodes.map(visible).join("");
  }

  set textContent(text) {
    this.childNodes = text ? [text] : [];
  }

  hasChildNodes() {
    return this.childNodes.length > 0;
  }

  contains(node) {
    return node === this || this.children.some((one) => one.contains(node));
  }

  append(...nodes) {
    this.childNodes.push(...nodes);
  }

  replaceChildren(...nodes) {
    this.childNodes = nodes;
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  toggleAttribute(name, on) {
    if (name === "hidden") this.hidden = on;
  }

  /** All below that have this class, or this tag. */
  all(name) {
    const mine = this.children.filter((one) => one.tagName === name || one.className.split(" ").includes(name));
    return [...mine, ...this.children.flatMap((one) => one.all(name))];
  }
}

globalThis.document = {
  createElement: (tag) => new Element(tag),
  createElementNS: (_space, tag) => new Element(tag),
};

const PARTS = ["none", "going", "line", "missing", "cards", "dropped", "said"];

export const element = (tag) => document.createElement(tag);

/** The sheet's element: its parts, and for each word its key with what is filled in. @param {string[]} words */
export function sheet(words) {
  const parts = new Map(PARTS.map((name) => [name, new Element("p")]));
  const rows = words.map((word) => {
    const [key, text = key] = word.split("=");
    return { dataset: { word: key }, textContent: text };
  });
  parts.set("words", { content: { querySelectorAll: () => rows } });
  const named = (selector) => parts.get(/data-part="(\w+)"/.exec(selector)?.[1]);
  return { querySelector: named, part: (name) => parts.get(name) };
}
