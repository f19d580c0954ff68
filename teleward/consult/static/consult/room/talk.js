// What is written, sent and photographed during the call. It goes from browser to browser and is gone afterwards.

import { clock, hasWord, make, notice, page, part, presses, word } from "./page.js";
import { choice, photo, readable, saving } from "./parcels.js";
import { nameOf } from "./stage.js";

/** @typedef {import('../call/call.js').Call} Call */
/** @typedef {{peer: string, id: string, name: string, type: string, size: number, blob: Blob, text: string, at: string,
 *   code: string, share: number, purpose: string}} Detail */

export class Talk {
  #log = part("log");
  /** @type {Set<string>} who was asked for a photo: it needs no second yes */ #wanted = new Set();
  #text = /** @type {HTMLTextAreaElement} */ (part("text"));

  /** @param {Call} call @param {import('./own.js').Own} own */
  constructor(call, own) {
    this.call = call;
    this.own = own;
    part("say").addEventListener("submit", (event) => this.#say(event));
    this.#text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) this.#say(event);
    });
    const picker = /** @type {HTMLInputElement} */ (part("file"));
    picker.addEventListener("change", () => this.#pick(picker));
  }

  /** @param {CustomEvent<Detail>} event */
  take(event) {
    const { detail } = event;
    const reactions = /** @type {Record<string, () => unknown>} */ ({
      chat: () => this.#line(nameOf(detail.peer), detail.text, detail.at),
      "file-offered": () => this.#offered(event),
      file: () => this.#arrived(detail),
      "file-refused": () => this.#refused(detail),
      "file-progress": () => this.#progress(detail),
      "photo-asked": () => this.photo(detail.peer),
      photo: () => this.#photoArrived(detail),
      "photo-declined": () => notice("photo", word("photo-declined", { name: nameOf(detail.peer) })),
    });
    reactions[event.type]?.();
  }

  /** Opens or closes the drawer. Something new opens it without taking the focus away.
   * @param {boolean} [open] @param {boolean} [focused] */
  toggle(open = Boolean(part("talk").hidden), focused = open) {
    part("talk").hidden = !open;
    for (const opener of presses("chat")) opener.setAttribute("aria-expanded", String(open));
    if (focused) this.#text.focus();
  }

  /** The patient's photo desk, or the clinician's request. @param {string|null} [askedBy] */
  async photo(askedBy = null) {
    if (page.side === "host" && !askedBy) return this.#askForPhoto();
    const { openDesk } = await import("./photodesk.js");
    return openDesk(this.call, this.own, askedBy, (blob) => this.#sentPhoto(blob));
  }

  #askForPhoto() {
    for (const [peer, { role }] of this.call.state.peers) {
      if (role !== "patient") continue;
      this.#wanted.add(peer);
      this.call.askForPhoto(peer);
    }
    notice("photo", word("photo-asked-for"), "good", []);
  }

  /** @param {Event} event */
  #say(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text) return;
    this.call.say(text);
    this.#text.value = "";
    this.#line(word("self-name"), text, new Date().toISOString());
  }

  /** @param {HTMLInputElement} picker */
  async #pick(picker) {
    const file = picker.files?.[0];
    picker.value = "";
    if (!file) return;
    const { prepare } = await import("../kit/files.js");
    const ready = await prepare(file, page.limits?.file);
    this.#trouble(ready.problem ?? "");
    if (!ready.blob) return;
    this.#line(word("self-name"), word("file-sent", { name: ready.name }), new Date().toISOString());
    await this.call.send(ready.blob, { name: ready.name, purpose: "file" });
  }

  /** @param {CustomEvent<Detail>} event */
  #offered(event) {
    event.preventDefault();
    const { peer, id, name, size, purpose } = event.detail;
    if (purpose === "photo" && this.#wanted.delete(peer)) return void this.call.answerFile(peer, id, true);
    const row = this.#line(
      nameOf(peer),
      word("file-offered", { name, size: readable(size) }),
      new Date().toISOString(),
    );
    row.append(choice(row, (yes) => this.call.answerFile(peer, id, yes)));
  }

  /** @param {Detail} detail */
  #arrived({ peer, name, blob }) {
    const row = this.#line(nameOf(peer), word("file-here", { name }), new Date().toISOString());
    row.append(saving(blob, name));
  }

  /** @param {Detail} detail */
  #photoArrived({ peer, blob }) {
    notice("photo", "");
    const row = this.#line(nameOf(peer), word("photo-here"), new Date().toISOString());
    row.append(...photo(blob, word("photo-alt", { name: nameOf(peer) })));
  }

  /** @param {Blob} blob */
  #sentPhoto(blob) {
    this.#line(word("self-name"), word("photo-sent", { size: readable(blob.size) }), new Date().toISOString());
  }

  /** @param {string} who @param {string} text @param {string} at */
  #line(who, text, at) {
    const row = make("div", who === word("self-name") ? "tw-mine" : "");
    const head = make("p", "tw-log-head", `${who} · ${clock(at, page.language)}`);
    row.append(head, make("p", "", text));
    this.#log.append(row);
    if (part("talk").hidden) this.toggle(true, false);
    this.#log.scrollTop = this.#log.scrollHeight;
    return row;
  }

  /** @param {Detail} detail */
  #progress({ share }) {
    const percent = new Intl.NumberFormat(page.language, { style: "percent" }).format(share);
    part("talk-trouble").textContent = share < 1 ? word("file-progress", { share: percent }) : "";
  }

  /** @param {Detail} detail */
  #refused({ code }) {
    const key = code.replace(":", "-");
    this.#trouble(hasWord(key) ? key : "file-refused");
  }

  /** @param {string} key */
  #trouble(key) {
    part("talk-trouble").textContent = key && word(key);
  }
}
