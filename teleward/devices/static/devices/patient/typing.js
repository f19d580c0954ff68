// The forms for what a display shows, fetched when somebody wants to type. What is wrong is said beside its field; nothing
// typed is lost.

import { make } from "./drawer.js";
import { Photos } from "./photos.js";
import { readFields } from "./typed.js";

/** @typedef {import('./drawer.js').Drawer} Drawer */
/** @typedef {import('./types.js').Kind} Kind */
/** @typedef {import('./types.js').Sent} Sent */
/** @typedef {import('./types.js').Value} Value */
/** @typedef {import('./typed.js').Fault} Fault */
/** @typedef {import('./typed.js').Typed} Typed */
/** @typedef {import('./photos.js').Ways} Ways */
/** @typedef {(kind: string, values: Value[], flags: string[]) => Promise<Sent|'stopped'|null>} Send */

/** @param {Drawer} drawer @param {Ways} ways @param {Send} send null where the person took it back
 * @returns {Promise<Typing>} */
export async function typing(drawer, ways, send) {
  const part = await fetched(drawer.page.urls.type);
  const holder = /** @type {HTMLElement} */ (drawer.root.querySelector('[data-step="typed"]'));
  holder.replaceChildren(...Array.from(part.body.childNodes, (node) => document.importNode(node, true)));
  drawer.learn(holder);
  const told = /** @type {HTMLElement} */ (holder.querySelector("[data-typing]")).dataset.typing ?? "{}";
  return new Typing(drawer, new Photos(drawer, ways), send, JSON.parse(told));
}

/** Fetched as a document of its own, so that no text in it ever becomes a program.
 * @param {string} address @returns {Promise<Document>} */
function fetched(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.setRequestHeader("HX-Request", "true");
    request.onload = () =>
      request.status === 200 ? resolve(request.response) : request.onerror?.(new ProgressEvent(""));
    request.onerror = () => reject(new Error(String(request.status)));
    request.send();
  });
}

export class Typing {
  #busy = false;

  /** @param {Drawer} drawer @param {Photos} photos @param {Send} send
   * @param {Record<string, import('./types.js').Field[]>} asked by kind */
  constructor(drawer, photos, send, asked) {
    this.drawer = drawer;
    this.photos = photos;
    this.send = send;
    this.asked = asked;
    for (const form of this.#forms) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopPropagation(); // it is not sent to the server
        void this.#once(form);
      });
    }
  }

  /** The form of a kind, as it was left. @param {Kind} kind */
  show({ name, typed, word }) {
    const { drawer } = this;
    drawer.write("typed-title", drawer.word(typed ? "typed-title" : "typed-none", { what: word }));
    drawer.piece("typed-why").hidden = navigator.bluetooth !== undefined || !typed;
    drawer.piece("typed-photo").hidden = !typed;
    drawer.write("typed-said", "");
    for (const form of this.#forms) form.hidden = form.dataset.typed !== name;
    drawer.step("typed");
  }

  /** @returns {NodeListOf<HTMLFormElement>} */
  get #forms() {
    return this.drawer.root.querySelectorAll("[data-typed]");
  }

  /** What is on its way is not sent a second time by a second press. @param {HTMLFormElement} form */
  async #once(form) {
    if (this.#busy) return;
    this.#busy = true;
    await this.#submit(form).finally(() => {
      this.#busy = false;
    });
  }

  /** @param {HTMLFormElement} form */
  async #submit(form) {
    const { drawer, photos } = this;
    const kind = form.dataset.typed ?? "";
    const { values, faults } = readFields(this.asked[kind] ?? [], typedIn(form));
    point(drawer, form, faults);
    drawer.write("typed-said", "");
    if (faults.size || values.length === 0) return;
    await photos.settled;
    const photo = photos.chosen;
    const sent = await this.send(kind, values, photos.flags);
    if (!sent) return;
    drawer.write("typed-said", drawer.word(sent === "stopped" ? "typed-stopped" : "typed-sent"));
    if (sent === "stopped") return;
    photos.goesWith(sent, photo);
    form.reset();
  }
}

/** @param {HTMLFormElement} form @returns {Map<string, Typed>} */
function typedIn(form) {
  return new Map(
    Array.from(fields(form), (field) => {
      const unit =
        field.querySelector("select")?.value ??
        /** @type {HTMLElement|null} */ (field.querySelector("[data-unit]"))?.dataset.unit;
      return [field.dataset.code ?? "", { text: field.querySelector("input")?.value ?? "", unit: unit ?? "" }];
    }),
  );
}

/** @param {HTMLFormElement} form @returns {NodeListOf<HTMLElement>} */
const fields = (form) => form.querySelectorAll("[data-code]");

/** Says beside each field what is wrong, and goes to the first. @param {Drawer} drawer @param {HTMLFormElement} form
 * @param {Map<string, Fault>} faults */
function point(drawer, form, faults) {
  /** @type {HTMLInputElement|null} */ let first = null;
  for (const field of fields(form)) {
    const fault = faults.get(field.dataset.code ?? "");
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    const error = /** @type {HTMLElement} */ (field.querySelector("[data-error]"));
    field.classList.toggle("tw-field-wrong", fault !== undefined);
    input.toggleAttribute("aria-invalid", fault !== undefined);
    error.hidden = !fault;
    error.replaceChildren(...(fault ? [make("span", "", sentence(drawer, fault))] : []));
    if (fault) first ??= input;
  }
  first?.focus();
}

/** @param {Drawer} drawer @param {Fault} fault */
function sentence(drawer, { problem, lowest, highest, unit, digits }) {
  const key = problem === "too-precise" && digits === 0 ? "whole" : problem;
  return drawer.word(`typed-${key}`, {
    lowest: drawer.number(lowest),
    highest: drawer.number(highest),
    unit: drawer.sign(unit),
    digits,
  });
}
