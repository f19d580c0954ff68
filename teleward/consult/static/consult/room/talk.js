// What is written, sent and photographed during the call. It goes from browser to browser and is gone afterwards.

import { button, make, notice, page, part, presses, root, word } from "./page.js";
import { clock } from "./sentence.js";
import { nameOf } from "./stage.js";

/** @typedef {import('../call/call.js').Call} Call */
/** @typedef {{peer: string, id: string, name: string, type: string, size: number, blob: Blob, text: string, at: string,
 *   code: string, share: number}} Detail */

export class Talk {
  #log = part("log");
  #text = /** @type {HTMLTextAreaElement} */ (part("text"));

  /** @param {Call} call @param {() => Promise<import('./own.js').Own>} mine */
  constructor(call, mine) {
    this.call = call;
    this.mine = mine;
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
      "file-refused": () => this.#trouble(`file-${detail.code?.replace(/^.*:/, "")}`),
      "file-progress": () => this.#progress(detail),
      "photo-asked": () => this.photo(detail.peer),
      photo: () => this.#photoArrived(detail),
    });
    reactions[event.type]?.();
  }

  /** Opens or closes the drawer. @param {boolean} [open] */
  toggle(open = part("talk").hidden) {
    part("talk").hidden = !open;
    for (const opener of presses("chat")) opener.setAttribute("aria-expanded", String(open));
    if (open) this.#text.focus();
  }

  /** The patient's photo desk, or the clinician's request. @param {string|null} [askedBy] */
  async photo(askedBy = null) {
    if (page.side === "host" && !askedBy) return this.#askForPhoto();
    const { openDesk } = await import("./photodesk.js");
    return openDesk(this.call, await this.mine(), askedBy, (blob) => this.#sentPhoto(blob));
  }

  #askForPhoto() {
    for (const [peer, { role }] of this.call.state.peers) if (role === "patient") this.call.askForPhoto(peer);
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
    const { peer, id, name, size } = event.detail;
    const row = this.#line(nameOf(peer), word("file-offered", { name, size: readable(size) }), new Date().toISOString());
    const actions = make("p", "tw-actions");
    const answer = (/** @type {boolean} */ yes) => {
      actions.remove();
      this.call.answerFile(peer, id, yes);
      if (!yes) row.append(make("p", "tw-hint", word("file-declined")));
    };
    actions.append(
      button("tw-button", word("file-accept"), () => answer(true)),
      button("tw-button tw-button-second", word("file-decline"), () => answer(false)),
    );
    row.append(actions);
  }

  /** @param {Detail} detail */
  #arrived({ peer, name, blob }) {
    const row = this.#line(nameOf(peer), word("file-here", { name }), new Date().toISOString());
    row.append(saving(blob, name));
  }

  /** @param {Detail} detail */
  #photoArrived({ peer, blob }) {
    notice("photo", blob ? "" : word("photo-declined", { name: nameOf(peer) }));
    if (!blob) return;
    const row = this.#line(nameOf(peer), word("photo-here"), new Date().toISOString());
    const picture = make("img", "tw-photo", "", { alt: word("photo-alt", { name: nameOf(peer) }) });
    picture.src = URL.createObjectURL(blob);
    row.append(picture, saving(blob, "photo.jpg"));
  }

  /** @param {Blob} blob */
  #sentPhoto(blob) {
    this.#line(word("self-name"), word("photo-sent", { size: readable(blob.size) }), new Date().toISOString());
  }

  /** @param {string} who @param {string} text @param {string} at */
  #line(who, text, at) {
    const row = make("li", who === word("self-name") ? "tw-mine" : "");
    const head = make("p", "tw-log-head", `${who} · ${clock(at, page.language)}`);
    row.append(head, make("p", "", text));
    this.#log.append(row);
    if (part("talk").hidden) this.#reveal();
    this.#log.scrollTop = this.#log.scrollHeight;
    return row;
  }

  /** Something new opens the drawer without taking the focus away. */
  #reveal() {
    part("talk").hidden = false;
    for (const opener of presses("chat")) opener.setAttribute("aria-expanded", "true");
  }

  /** @param {Detail} detail */
  #progress({ share }) {
    const percent = new Intl.NumberFormat(page.language, { style: "percent" }).format(share);
    part("talk-trouble").textContent = share < 1 ? word("file-progress", { share: percent }) : "";
  }

  /** @param {string} key */
  #trouble(key) {
    part("talk-trouble").textContent = key && word(key);
  }
}

/** @param {Blob} blob @param {string} name */
function saving(blob, name) {
  const link = make("a", "tw-button tw-button-second tw-button-small", word("file-save"), { download: name });
  link.href = URL.createObjectURL(blob);
  return link;
}

/** @param {number} size bytes */
const readable = (size) =>
  new Intl.NumberFormat(root.lang || page.language, {
    style: "unit",
    unit: size < 1e6 ? "kilobyte" : "megabyte",
    maximumFractionDigits: size < 1e6 ? 0 : 1,
  }).format(size < 1e6 ? Math.max(1, size / 1e3) : size / 1e6);
