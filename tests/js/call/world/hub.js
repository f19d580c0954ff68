// The server of teleward-live/1 as two pages see it over sockets that are slow and sometimes end.

const HELD = 64;

export class Hub {
  /** @type {Map<string, string>} */ roles = new Map();
  /** @type {Map<string, number>} */ seats = new Map();
  /** @type {Map<string, Socket>} */ sockets = new Map();
  /** @type {Map<string, object[]>} */ held = new Map();
  reachable = true;

  /** @param {import('./clock.js').Clock} clock @param {() => number} delay of one message one way */
  constructor(clock, delay) {
    this.clock = clock;
    this.delay = delay;
  }

  /** What a page calls WebSocket. */
  get class() {
    const hub = this;
    return class extends Socket {
      constructor() {
        super(hub, hub.clock.page);
      }
    };
  }

  /** Every socket of a page, or of all, ends without a word. */
  cut(page) {
    for (const [peer, socket] of this.sockets) if (!page || peer === page) socket.end(1006);
  }

  take(socket, message) {
    if (message.type === "hello") return this.#hello(socket, message.peer);
    const { peer } = socket;
    if (this.sockets.get(peer) !== socket) return undefined;
    if (message.type === "ping") return socket.tell({ type: "pong", n: message.n });
    if (message.type === "ice") return socket.tell({ type: "ice", servers: [], ttl: 600 });
    if (message.type === "relay") return this.#pass(message.to, { ...message, from: peer });
    if (message.type === "arrive") return this.#arrive(peer);
    return undefined;
  }

  #hello(socket, peer) {
    socket.peer = peer;
    this.sockets.get(peer)?.end(4409);
    this.sockets.set(peer, socket);
    if (socket.page.name === "clinician") this.seats.set(peer, 1);
    const admitted = this.seats.has(peer);
    const peers = admitted ? this.#others(peer) : [];
    const seat = this.seats.get(peer) ?? null;
    socket.tell({ type: "welcome", seat, role: socket.page.name, admitted, peers, ice: { servers: [], ttl: 600 } });
    for (const message of this.held.get(peer) ?? []) socket.tell(message);
    this.held.delete(peer);
    if (admitted) this.#announce(peer);
  }

  /** Whoever knocks is let in at once. */
  #arrive(peer) {
    if (this.seats.has(peer)) return;
    this.seats.set(peer, 2);
    this.sockets.get(peer)?.tell({ type: "admitted", seat: 2, peers: this.#others(peer) });
    this.#announce(peer);
  }

  #announce(peer) {
    for (const one of this.seats.keys())
      if (one !== peer) this.sockets.get(one)?.tell({ type: "joined", ...this.#person(peer) });
  }

  #others(peer) {
    return [...this.seats.keys()].filter((one) => one !== peer).map((one) => this.#person(one));
  }

  #person(peer) {
    return { peer, seat: this.seats.get(peer), role: "", name: "", present: this.sockets.has(peer) };
  }

  #pass(to, message) {
    const socket = this.sockets.get(to);
    if (socket) return socket.tell(message);
    const held = this.held.get(to) ?? [];
    if (held.length < HELD) this.held.set(to, [...held, message]);
  }
}

class Socket extends EventTarget {
  #there = 0;
  #back = 0;
  over = false;
  peer = "";

  constructor(hub, page) {
    super();
    Object.assign(this, { hub, page });
    hub.clock.in(2 * hub.delay(), () => this.#through());
  }

  send(text) {
    this.#there = this.#arrival(this.#there);
    this.hub.clock.in(this.#there - this.hub.clock.now, () => this.over || this.hub.take(this, JSON.parse(text)), null);
  }

  tell(message) {
    this.#back = this.#arrival(this.#back);
    const data = JSON.stringify(message);
    this.hub.clock.in(this.#back - this.hub.clock.now, () => this.over || this.#say("message", { data }), this.page);
  }

  close(code = 1000) {
    this.end(code);
  }

  end(code) {
    if (this.over) return;
    this.over = true;
    if (this.hub.sockets.get(this.peer) === this) this.hub.sockets.delete(this.peer);
    this.hub.clock.in(0, () => this.#say("close", { code }), this.page);
  }

  #through() {
    if (this.hub.reachable) this.#say("open", {});
    else this.end(1006);
  }

  /** Nothing overtakes anything on the same way. */
  #arrival(last) {
    return Math.max(last, this.hub.clock.now + this.hub.delay());
  }

  #say(type, more) {
    this.dispatchEvent(Object.assign(new Event(type), more));
  }
}
