/**
 * Has each connection made and mended. The lower seat leads: it makes every offer and every restart; the other side asks
 * for one. A reload of either side begins a new connection, an outage restarts the present one. Browsers notice a dead
 * path after six seconds and some never call it failed, so bytes received decide: standing still for 1.2 s is shown, for
 * 2.5 s is repaired, and again every 3 s.
 *
 * @typedef {import('./types.js').Path} Path
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {{bytes: number, path: Path}} Sample
 * @typedef {'stalled'|'repair'|'flowing'|null} Verdict
 */
import { configuration, Link } from "./link.js";

const OFFER_COUNTS_FOR = 1500;
const ASK_ANEW_EVERY = 3000;
const GIVE_UP_AFTER = 10;

/** Who offers and who answers. */
export class Negotiation {
  /** @type {Link|null} */ link = null;
  /** @type {string|null} */ #theirs = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  #offeredAt = 0;
  #askedAnewAt = 0;
  #repairs = 0;

  /**
   * @param {{leader: boolean, around: import('./types.js').Surroundings, connection: () => RTCPeerConnection,
   *   relay: (body: object) => void, tracks: Map<Kind, MediaStreamTrack|null>, linked: (link: Link) => void,
   *   woken: () => void, changed: () => void, furnished: (kind: Kind, track: MediaStreamTrack) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** Bytes arrive: what was tried so far counts no longer. */
  flows() {
    this.#repairs = 0;
  }

  begin() {
    this.#inTurn(() => (this.parts.leader ? this.#beginAnew() : this.#ask(false)));
  }

  /** @param {Body} body */
  receive(body) {
    return this.#inTurn(() => (this.parts.leader ? this.#lead(body) : this.#follow(body)));
  }

  repair() {
    this.#inTurn(() => (this.parts.leader ? this.#restart() : this.#ask(false)));
  }

  /** @param {Body} body */
  async #lead(body) {
    const reborn = this.#theirs !== null && body.instance !== this.#theirs;
    this.#theirs = body.instance;
    if (reborn || body.fresh) return this.#beginAnew();
    if (body.kind === "need-restart") return this.#recentlyOffered() ? undefined : this.#restart();
    if (!this.link || body.epoch !== this.link.epoch) return;
    if (body.kind === "answer") await this.link.takeAnswer(body);
    if (body.kind === "candidate") await this.link.takeCandidates(body.candidates ?? []);
  }

  /** @param {Body} body */
  async #follow(body) {
    if (body.kind === "offer") return this.#answer(body);
    if (body.kind === "candidate" && body.epoch === this.link?.epoch) {
      await this.link?.takeCandidates(body.candidates ?? []);
    }
  }

  /** @param {Body} body */
  async #answer(body) {
    const link = this.link && this.link.epoch === body.epoch ? this.link : this.#connect(String(body.epoch));
    await link.takeOffer(body).catch((error) => {
      this.parts.around.note("offer-refused", String(error));
      return this.#askAnew();
    });
  }

  async #beginAnew() {
    this.#repairs = 0;
    this.#offeredAt = Date.now();
    await this.#connect(crypto.randomUUID()).offer(false);
  }

  async #restart() {
    if (!this.link || this.#hopeless()) return this.#beginAnew();
    this.#offeredAt = Date.now();
    const { servers } = await this.parts.around.freshIce();
    const { certificate, relayOnly } = this.parts.around;
    this.link.pc.setConfiguration(configuration(servers, certificate, relayOnly));
    await this.link.offer(true);
  }

  /** @param {boolean} fresh whether the present connection cannot be repaired */
  async #ask(fresh) {
    this.parts.relay({ kind: "need-restart", epoch: this.link?.epoch ?? null, fresh });
  }

  /** A description that could not be read may be read next time, but not a hundred times a second. */
  async #askAnew() {
    if (Date.now() - this.#askedAnewAt < ASK_ANEW_EVERY) return;
    this.#askedAnewAt = Date.now();
    await this.#ask(true);
  }

  #recentlyOffered() {
    return Date.now() - this.#offeredAt < OFFER_COUNTS_FOR;
  }

  #hopeless() {
    const dtls = this.link?.pc.sctp?.transport.state;
    if (this.link?.pc.signalingState === "closed" || dtls === "failed" || dtls === "closed") return true;
    return this.parts.around.heard() && ++this.#repairs > GIVE_UP_AFTER;
  }

  /** @param {string} epoch */
  #connect(epoch) {
    this.link?.close();
    this.link = new Link({
      pc: this.parts.connection(),
      leader: this.parts.leader,
      epoch,
      tracks: this.parts.tracks,
      send: this.parts.relay,
      woken: this.parts.woken,
      changed: this.parts.changed,
      furnished: this.parts.furnished,
    });
    this.parts.linked(this.link);
    return this.link;
  }

  /** @param {() => Promise<void>|undefined} work */
  #inTurn(work) {
    this.#queue = this.#queue.then(work).catch((error) => this.parts.around.note("link-failed", String(error)));
    return this.#queue;
  }
}

export const EVERY = 400;
export const SHOW_AFTER = 1200;
export const REPAIR_AFTER = 2500;
export const REPAIR_EVERY = 3000;
export const PATIENCE_WHEN_NEW = 6000;

/** The decision alone, without clocks: time is what has been watched, so a tab that slept blames nobody. */
export class Stall {
  #bytes = 0;
  #flat = 0;
  #nextRepair = PATIENCE_WHEN_NEW;
  #started = false;
  stalled = false;

  /** @param {number} bytes received so far @param {number} elapsed milliseconds since the last look @returns {Verdict} */
  watch(bytes, elapsed) {
    if (bytes > this.#bytes) return this.#moved(bytes);
    this.#bytes = bytes; // a pair that failed takes its count along
    this.#flat += Math.min(elapsed, 1.5 * EVERY);
    if (this.#flat > this.#nextRepair) {
      this.#nextRepair = this.#flat + (this.#started ? REPAIR_EVERY : PATIENCE_WHEN_NEW);
      this.stalled = true;
      return "repair";
    }
    if (this.#flat <= SHOW_AFTER || this.stalled) return null;
    this.stalled = true;
    return "stalled";
  }

  /** @param {number} bytes @returns {Verdict} */
  #moved(bytes) {
    const flowsAgain = this.stalled || !this.#started;
    this.#bytes = bytes;
    this.#flat = 0;
    this.#nextRepair = REPAIR_AFTER;
    this.#started = true;
    this.stalled = false;
    return flowsAgain ? "flowing" : null;
  }
}

/**
 * Bytes received over every stream and pair (Firefox counts none on the transport), and the kind of path in use.
 * @param {Iterable<Record<string, any>>} stats @returns {Sample}
 */
export function sample(stats) {
  const all = [...stats];
  const byId = new Map(all.map((one) => [one.id, one]));
  const counted = all.filter(({ type }) => type === "inbound-rtp" || type === "candidate-pair");
  const pair = selected(all, byId);
  return {
    bytes: counted.reduce((sum, one) => sum + (one.bytesReceived ?? 0), 0),
    path: pair ? pathOf(byId.get(pair.localCandidateId), byId.get(pair.remoteCandidateId)) : null,
  };
}

/** @param {Record<string, any>[]} all @param {Map<string, Record<string, any>>} byId */
function selected(all, byId) {
  const transport = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId);
  return transport
    ? byId.get(transport.selectedCandidatePairId)
    : all.find((one) => one.type === "candidate-pair" && one.selected);
}

/** @param {Record<string, any>|undefined} mine @param {Record<string, any>|undefined} theirs @returns {Path} */
function pathOf(mine, theirs) {
  if (!mine) return null;
  return mine.candidateType === "relay" || theirs?.candidateType === "relay" ? "relayed" : "direct";
}

/** Makes the sender begin with a whole picture, so that the other side need not wait for one. @param {RTCRtpSender} sender */
export async function sendKeyFrame(sender) {
  if (sender.track?.kind !== "video") return;
  const parameters = sender.getParameters();
  const options = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
  const set = /** @type {(p: RTCRtpSendParameters, o: object) => Promise<void>} */ (sender.setParameters);
  await set.call(sender, parameters, options).catch(() => {}); // Firefox has no such option
}

export class Supervisor {
  /** @type {Stall} */ #stall = new Stall();
  /** @type {RTCPeerConnection|null} */ #pc = null;
  #at = 0;
  #busy = false;

  /** @param {{pc: () => RTCPeerConnection|null, verdict: (verdict: Verdict, path: Path) => void, pulse: () => void}} parts */
  constructor(parts) {
    this.parts = parts;
    this.clock = setInterval(() => this.#look(), EVERY);
  }

  get stalled() {
    return this.#stall.stalled;
  }

  close() {
    clearInterval(this.clock);
  }

  async #look() {
    const pc = this.parts.pc();
    if (!pc || this.#busy) return;
    if (pc !== this.#pc) this.#begin(pc);
    this.parts.pulse();
    this.#busy = true;
    const report = /** @type {Iterable<Record<string, any>>} */ ((await pc.getStats()).values());
    this.#busy = false;
    const { bytes, path } = sample(report);
    const now = performance.now();
    const elapsed = now - this.#at;
    this.#at = now;
    this.parts.verdict(this.#stall.watch(bytes, elapsed), path);
  }

  /** @param {RTCPeerConnection} pc */
  #begin(pc) {
    this.#pc = pc;
    this.#stall = new Stall();
    this.#at = performance.now();
  }
}
