// Peer connections as far as the negotiation sees them: descriptions by the state table of the standard, candidates of a
// generation, a path that stands when both sides know each other's newest generation, bytes while it does.

const noop = () => {};
const TAKES = { offer: ["stable", "have-remote-offer"], answer: ["have-local-offer", "stable"] };
const DIES_AFTER = 16_000; // when Chromium calls a path failed

export class Connections {
  /** @type {Connection[]} */ all = [];
  /** whether datagrams pass between the two */ open = true;

  /** @param {import('./clock.js').Clock} clock @param {{step: () => number, gather: () => number, ice: number}} pace */
  constructor(clock, pace) {
    this.clock = clock;
    this.pace = pace;
  }

  /** What a page calls RTCPeerConnection. */
  get class() {
    const world = this;
    return class extends Connection {
      constructor() {
        super(world, world.clock.page);
        world.all.push(this);
      }
    };
  }

  /**
   * No datagram passes for so long; paths looked for in vain for too long are given up.
   * @param {number} milliseconds @param {boolean} [moved] whether the address is another one after it
   */
  cut(milliseconds, moved = false) {
    const began = this.clock.now;
    this.open = false;
    this.clock.in(milliseconds, () => this.#mend(moved, began), null);
  }

  #mend(moved, began) {
    this.open = true;
    const old = ({ since }) => this.clock.now - Math.max(since, began) > DIES_AFTER;
    for (const one of this.all) if (moved || old(one)) one.die();
    this.look();
  }

  /** Something changed: what may stand now? */
  look() {
    this.all = this.all.filter(({ closed, page }) => !closed && !page.gone);
    for (const one of this.all) {
      const other = this.all.find((each) => each.page !== one.page && agree(one, each));
      if (other && one.other !== other && !one.checking) this.#check(one, other);
      if (one.other && !this.all.includes(one.other)) one.lose();
    }
  }

  #check(one, other) {
    one.checking = true;
    one.became("connecting");
    this.clock.in(
      this.pace.ice,
      () => {
        one.checking = false;
        if (this.open && agree(one, other) && this.all.includes(other)) one.stand(other);
        else this.look();
      },
      one.page,
    );
  }
}

/** Whether both know the newest generation of the other and at least one address. */
function agree(one, other) {
  const known = one.remote === other.local && other.remote === one.local && one.local !== one.dead;
  const stable = one.signalingState === "stable" && other.signalingState === "stable";
  return known && stable && one.found && other.found && (one.heard || other.heard);
}

class Connection extends EventTarget {
  signalingState = "stable";
  connectionState = "new";
  localDescription = null;
  remoteDescription = null;
  currentLocalDescription = null;
  currentRemoteDescription = null;
  sctp = null;
  /** names of the generations in use */ local = null;
  remote = null;
  dead = null;
  /** when they were agreed */ since = 0;
  other = null;
  found = false;
  heard = false;
  closed = false;
  checking = false;
  #places = [];
  #bytes = 0;
  #countedAt = 0;
  #generation = 0;
  #queue = Promise.resolve();

  constructor(world, page) {
    super();
    Object.assign(this, { world, page, deaf: page.deaf() });
  }

  createDataChannel() {
    return { readyState: "connecting", bufferedAmount: 0, addEventListener: noop, send: noop };
  }

  addTransceiver(kind) {
    const sender = { track: null, replaceTrack: async () => {}, getParameters: () => ({ encodings: [] }) };
    const place = { sender, receiver: { track: { kind } }, setCodecPreferences: noop };
    Object.assign(sender, { setParameters: async () => {}, setStreams: noop });
    this.#places.push(place);
    return place;
  }

  getTransceivers = () => this.#places;
  setConfiguration = noop;

  createOffer({ iceRestart } = {}) {
    return this.#inTurn(() => {
      const name = this.local && !iceRestart ? this.local : this.#name();
      return { type: "offer", sdp: name };
    });
  }

  setLocalDescription(given) {
    return this.#inTurn(() => {
      const offered = this.signalingState === "have-remote-offer";
      const description = given ?? { type: offered ? "answer" : "offer", sdp: offered ? this.#name() : this.local };
      this.localDescription = description;
      if (this.local !== description.sdp) this.#gather(description.sdp);
      this.#into(description.type === "answer" ? "stable" : "have-local-offer");
    });
  }

  setRemoteDescription(description) {
    return this.#inTurn(() => {
      const [before, after] = TAKES[description.type];
      if (this.signalingState !== before) throw new Error(`${description.type} in ${this.signalingState}`);
      this.remoteDescription = description;
      this.heard &&= this.remote === description.sdp;
      this.remote = description.sdp;
      while (this.#places.length < 3) this.addTransceiver("video");
      this.#into(after);
    });
  }

  addIceCandidate({ candidate }) {
    return this.#inTurn(() => {
      if (candidate !== this.remote) throw new Error("of another generation");
      this.heard = true;
      this.world.look();
    });
  }

  async getStats() {
    await this.world.clock.wait(1);
    if (this.closed) await new Promise(noop);
    this.#count();
    return new Map([["A", { type: "inbound-rtp", bytesReceived: Math.floor(this.#bytes) }]]);
  }

  close() {
    this.closed = true;
    this.signalingState = "closed";
    this.lose();
    this.world.look();
  }

  stand(other) {
    this.#count();
    this.other = other;
    this.became("connected");
  }

  lose() {
    this.#count();
    this.other = null;
  }

  die() {
    this.lose();
    this.dead = this.local;
  }

  became(state) {
    if (this.connectionState === state || this.closed) return;
    if (state === "connecting" && this.connectionState === "connected") return;
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  get flows() {
    return this.other !== null && this.world.open && !this.closed;
  }

  #count() {
    const { now } = this.world.clock;
    if (this.flows) this.#bytes += now - this.#countedAt;
    this.#countedAt = now;
  }

  #name() {
    return `${this.page.name}-${this.world.all.indexOf(this)}-${++this.#generation}-${Math.floor(this.world.clock.now)}`;
  }

  #gather(name) {
    this.local = name;
    this.found = false;
    if (this.deaf) return;
    this.world.clock.in(this.world.pace.gather(), () => {
      if (this.closed || this.local !== name) return;
      this.found = true;
      const candidate = { candidate: name, toJSON: () => ({ candidate: name }) };
      this.dispatchEvent(Object.assign(new Event("icecandidate"), { candidate }));
      this.world.look();
    });
  }

  #into(state) {
    this.signalingState = state;
    if (state === "stable") this.since = this.world.clock.now;
    this.dispatchEvent(new Event("signalingstatechange"));
    this.world.look();
  }

  /** Operations follow one another, take their time, and those of a connection that is closed never end. */
  #inTurn(work) {
    const done = this.#queue.then(async () => {
      await this.world.clock.wait(this.world.pace.step());
      if (this.closed) await new Promise(noop);
      return work();
    });
    this.#queue = done.then(noop, noop);
    return done;
  }
}
