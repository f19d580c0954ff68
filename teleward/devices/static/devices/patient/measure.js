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
import { Devices } from "./devices.js";
import { Drawer } from "./drawer.js";
import { Flow } from "./flow.js";
import { Bar, Shown } from "./showing.js";

const CARE = new Set(["host", "clinician"]);

/** @param {HTMLElement} root @param {{call: Call & import('./photos.js').Call, page: Page}} given @returns {() => void} how to end it */
export function begin(root, given) {
  const measuring = new Measuring(root, given);
  return () => measuring.close();
}

class Measuring {
  /** @param {HTMLElement} root @param {{call: Call & import('./photos.js').Call, page: Page}} given */
  constructor(root, { call, page }) {
    const drawer = new Drawer(root, page);
    const post = poster(root);
    this.drawer = drawer;
    this.call = call;
    this.channel = new Channel(call, {
      visit: page.visit,
      tells: (person) => this.flow?.audience.has(/** @type {Peer} */ (person).seat) ?? false,
    });
    const learn = drawer.meet.bind(drawer);
    this.flow = new Flow({ channel: this.channel, urls: page.urls, post, learn });
    this.bar = new Bar(drawer, this.flow, () => this.stop());
    this.shown = new Shown(drawer, this.flow, post);
    const { flow, bar, shown, channel } = this;
    this.devices = new Devices({ drawer, flow, bar, shown, channel, call });
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
    for (const type of ["delivered", "refused", "lost"]) this.channel.addEventListener(type, this.#heard);
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
    const flowed = this.flow.open.length > 0;
    void this.flow.stop(); // also what is only about to begin
    if (!flowed) return;
    this.bar.dismiss();
    this.devices.stop();
  };

  /** @param {Event} event */
  #heard = (event) => {
    const { type, detail } = /** @type {CustomEvent} */ (event);
    const { t, peer, reading, code = "" } = detail;
    const who = this.call.state.peers.get(peer)?.name ?? "";
    if (type === "lost") this.flow.missed(reading, who);
    else if (t === "reading") this.flow.arrived(reading, who, code && this.drawer.word("shown-refused"));
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

// One screen before anything flows: what, to whom, until when. Nothing begins without a yes, nor before the server has it.

class Consent {
  /** @type {Kind|null} */ #kind = null;
  /** @type {(given: boolean) => void} */ #answer = () => undefined;
  /** @type {Person[]} those who stood on the screen */ #named = [];
  #busy = false;

  /** @param {Drawer} drawer @param {Flow} flow @param {() => Person[]} present */
  constructor(drawer, flow, present) {
    this.drawer = drawer;
    this.flow = flow;
    this.present = present;
    drawer.on("agree", () => this.#agree());
    drawer.on("back", () => this.#decide(false));
  }

  /** Whether this kind may be shown; asks unless it flows already. @param {Kind} kind @returns {Promise<boolean>} */
  given(kind) {
    if (this.flow.sharingOf(kind.name)) return Promise.resolve(true);
    this.#kind = kind;
    this.draw();
    this.drawer.write("consent-trouble", "");
    this.drawer.step("consent");
    return new Promise((answer) => {
      this.#answer = answer;
    });
  }

  /** Whoever comes or goes while the question stands is on the screen before the yes. */
  draw() {
    if (!this.#kind) return;
    const { drawer } = this;
    this.#named = this.present();
    const { word } = this.#kind;
    const who = drawer.list(this.#named.map(({ name }) => name));
    drawer.write("consent-what", drawer.word(this.#kind.waves ? "consent-curve" : "consent-values", { what: word }));
    drawer.write("consent-whom", who || drawer.word("consent-nobody"));
    for (const press of drawer.buttons("agree")) press.disabled = this.#named.length === 0;
  }

  async #agree() {
    const { drawer } = this;
    const kind = this.#kind;
    if (!kind || this.#busy) return;
    const chosen = /** @type {HTMLInputElement|null} */ (drawer.root.querySelector("[name=measure-until]:checked"));
    this.#busy = true;
    this.draw();
    try {
      const until = chosen?.value === "end" ? "end" : "stop";
      const begun = await this.flow.begin(kind.name, until, this.#named, () => this.#kind === kind);
      this.#busy = false;
      if (begun) this.#decide(true);
    } catch (error) {
      const said = /** @type {{message?: string}} */ (error).message;
      drawer.write("consent-trouble", said || drawer.word("consent-failed"));
      this.#busy = false;
      this.draw();
    }
  }

  /** @param {boolean} given */
  #decide(given) {
    this.#kind = null;
    this.#answer(given);
  }
}

// Posts as the page's forms do: same origin, with the token against forged requests.

/** What went wrong: the answer's status, 0 where there was none, and the server's sentence where it had one. */
class PostFailed extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const PATIENCE = 10_000; // milliseconds
const ALIVE = 10_000; // letters; browsers allow 64 KiB for all that outlives a page

/** @param {HTMLElement} root holds the token @returns {import('./types.js').Post} */
function poster(root) {
  const token = /** @type {HTMLInputElement|null} */ (root.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
  return async (address, what) => {
    const body = JSON.stringify(what);
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body,
      keepalive: body.length < ALIVE, // a stop goes out although the page is left
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null);
    if (!answer) throw new PostFailed(0, "");
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new PostFailed(answer.status, typeof said.message === "string" ? said.message : "");
    return said;
  };
}
