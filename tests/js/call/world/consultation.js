// A clinician and a patient with the real modules of the call, over sockets, connections and time that a test moves.

import { Clock, replace } from "./clock.js";
import { Connections } from "./connections.js";
import { Hub } from "./hub.js";

const MODULES = "../../../../teleward/consult/static/consult/call";

/** Numbers that look like chance and are the same for the same seed. @param {number} seed */
export function chance(seed) {
  let state = seed * 2654435761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Consultation {
  /** @type {Record<string, any>} */ pages = {};

  /**
   * @param {{delay?: () => number, step?: () => number, gather?: () => number, ice?: number, deaf?: () => boolean}} pace
   * milliseconds of a message one way, of one operation of a connection, until an address is found, of the checks;
   * whether a new connection never finds an address
   */
  constructor({ delay = () => 5, step = () => 2, gather = () => 10, ice = 30, deaf = () => false } = {}) {
    this.clock = new Clock();
    this.connections = new Connections(this.clock, { step, gather, ice });
    this.hub = new Hub(this.clock, delay);
    this.deaf = deaf;
  }

  async begin() {
    this.#restore = [this.clock.install(), replace(this.#browser)];
    const { Call } = await import(`${MODULES}/call.js`);
    await Promise.all(["talk", "quality"].map((name) => import(`${MODULES}/${name}.js`)));
    this.Call = Call;
    this.#opens("clinician");
    this.#opens("patient");
    return this;
  }

  end() {
    for (const page of Object.values(this.pages)) page.gone = true;
    for (const restore of this.#restore) restore();
  }

  /** The page is loaded anew: the same tab keeps its peer id and nothing else. */
  reload(name, takes = 300) {
    const { pages, hub, clock, connections } = this;
    pages[name].gone = true;
    hub.sockets.get(name)?.end(1001);
    connections.look();
    clock.in(takes, () => this.#opens(name), null);
  }

  /** Both see each other. */
  get flows() {
    const { clinician, patient } = this.pages;
    const on = (page) => this.connections.all.some((one) => one.page === page && one.flows && one.other.other === one);
    return on(clinician) && on(patient);
  }

  /** Seconds from now until both see each other, or more than `most`. */
  async seconds(most) {
    const { clock } = this;
    const began = clock.now;
    await clock.until(began + most * 1000, () => this.flows);
    return (clock.now - began) / 1000;
  }

  async pass(seconds) {
    await this.clock.until(this.clock.now + seconds * 1000);
  }

  #restore = [];

  #opens(name) {
    const page = { name, gone: false, deaf: this.deaf };
    this.pages[name] = page;
    this.clock.as(page, () => this.#load(page));
  }

  #load(page) {
    page.call = new this.Call({ url: "ws://clinic/live/visits/visit", peer: page.name, certificate: {} });
    page.call.open();
    if (page.name === "patient") page.call.arrive({ mode: "video" });
  }

  get #browser() {
    const receiver = { getCapabilities: () => null };
    const { connections, hub } = this;
    return {
      RTCPeerConnection: connections.class,
      WebSocket: hub.class,
      RTCRtpReceiver: receiver,
      MediaStream: class {},
    };
  }
}
