/**
 * The patient's drawer "Measure": what, to whom, until when; the device or the form; and the bar above the call. It is
 * begun by the room with its call, and ends with it.
 *
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').Page} Page
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('../channel.js').Call} Call
 * @typedef {{role: string, name: string, seat: number}} Peer
 */
import { Channel } from "../channel.js";
import { Bar } from "./bar.js";
import { Consent } from "./consent.js";
import { Devices } from "./devices.js";
import { Drawer } from "./drawer.js";
import { Flow } from "./flow.js";
import { poster } from "./post.js";
import { Shown } from "./shown.js";

const CARE = new Set(["host", "clinician"]);

/** @param {HTMLElement} root @param {{call: Call, page: Page}} given @returns {() => void} how to end it */
export function begin(root, given) {
  const measuring = new Measuring(root, given);
  return () => measuring.close();
}

class Measuring {
  /** @param {HTMLElement} root @param {{call: Call, page: Page}} given */
  constructor(root, { call, page }) {
    const drawer = new Drawer(root, page);
    const post = poster(root);
    this.drawer = drawer;
    this.call = call;
    this.channel = new Channel(call, {
      visit: page.visit,
      tells: (person) => this.flow?.audience.has(/** @type {Peer} */ (person).seat) ?? false,
    });
    this.flow = new Flow({ channel: this.channel, urls: page.urls, post });
    this.bar = new Bar(drawer, this.flow, () => this.stop());
    this.shown = new Shown(drawer, this.flow, post);
    this.devices = new Devices({ drawer, flow: this.flow, bar: this.bar, shown: this.shown, call });
    this.consent = new Consent(drawer, this.flow, () => present(call));
    this.#listen();
    bindChoice(drawer, this.consent, this.devices);
  }

  /** Before anything else nothing flows any more. */
  stop() {
    const flowed = this.flow.open.length > 0;
    void this.flow.stop();
    this.bar.dismiss();
    this.devices.stop();
    if (flowed) this.bar.tell(this.drawer.word("bar-stopped"), true);
  }

  close() {
    this.#over();
    removeEventListener("pagehide", this.#over);
    for (const type of ["state", "ended"]) this.call.removeEventListener(type, this.#look);
    this.channel.close();
    this.bar.close();
    this.shown.close();
  }

  #listen() {
    for (const type of ["state", "ended"]) this.call.addEventListener(type, this.#look);
    this.flow.addEventListener("change", this.#look);
    for (const type of ["delivered", "refused"]) this.channel.addEventListener(type, this.#heard);
    addEventListener("pagehide", this.#over);
  }

  /** Who is there, and whether the call still is. */
  #look = () => {
    if (/** @type {{phase?: string}} */ (this.call.state).phase === "over") this.#over();
    const late = this.flow.open.length ? present(this.call).filter(({ seat }) => !this.flow.audience.has(seat)) : [];
    this.bar.offer(late, (person) => this.flow.include(person));
    this.consent.draw();
  };

  /** With the call everything ends. */
  #over = () => {
    if (this.flow.open.length === 0) return;
    void this.flow.stop();
    this.bar.dismiss();
    this.devices.stop();
  };

  /** @param {Event} event */
  #heard = (event) => {
    const { t, reading, code = "" } = /** @type {CustomEvent} */ (event).detail;
    if (t === "reading") this.flow.arrived(reading, code && this.drawer.word("shown-refused"));
  };
}

/** @param {Drawer} drawer @param {Consent} consent @param {Devices} devices */
function bindChoice(drawer, consent, devices) {
  for (const press of /** @type {NodeListOf<HTMLButtonElement>} */ (drawer.root.querySelectorAll("[data-kind]"))) {
    press.disabled = false; // not before somebody listens
    press.addEventListener("click", async () => {
      const kind = drawer.kind(press.dataset.kind ?? "");
      if (await consent.given(kind)) devices.open(kind);
      else drawer.step("choose");
    });
  }
  drawer.on("other", () => drawer.step("choose"));
  drawer.step("choose");
}

/** Those in the room who may be shown readings. @param {Call} call @returns {Person[]} */
function present(call) {
  const peers = /** @type {Iterable<Peer>} */ (call.state.peers.values());
  return Array.from(peers)
    .filter(({ role }) => CARE.has(role))
    .map(({ seat, name }) => ({ seat, name }));
}
