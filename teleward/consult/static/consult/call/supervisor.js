/**
 * Has each connection made and mended. The lower seat leads: it makes every offer and every restart; the other side asks
 * for one. A reload of either side begins a new connection, so does one over which nothing ever came; an outage restarts
 * the present one. Browsers notice a dead path after six seconds and some never call it failed, so bytes received decide:
 * standing still for 1.2 s is shown, for 2.5 s is a reason to repair. A repair that is under way is left alone.
 *
 * @typedef {import('./types.js').Path} Path
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {{bytes: number, path: Path}} Sample
 * @typedef {'stalled'|'repair'|'flowing'|null} Verdict
 */
import { configuration, Link } from "./link.js";

const ASK_ANEW_EVERY = 3000;
const GIVE_UP_AFTER = 4;
const LEFT_ALONE = { stood: 3000, "never stood": 6000 };
const LONGEST = { answered: 12_000, unanswered: 24_000 }; // a path is looked for during 15 s after the answer

/** What was begun is left alone for a while, each time twice as long: a repair must not cancel one that is only slow. */
export class Patience {
  #since = Number.NEGATIVE_INFINITY;
  #answered = true;
  #usual = 0;
  repairs = 0;

  /** @param {number} now milliseconds */
  offered(now) {
    this.#since = now;
    this.#answered = false;
  }

  /** @param {number} now */
  answered(now) {
    this.#usual = now - this.#since;
    this.#since = now;
    this.#answered = true;
  }

  /** What was on its way may be lost, or there is nothing left to wait for. */
  forget() {
    this.#since = Number.NEGATIVE_INFINITY;
    this.repairs = 0;
  }

  /** @param {number} now @param {boolean} stood whether bytes ever came over this connection */
  lasts(now, stood) {
    const doubled = LEFT_ALONE[stood ? "stood" : "never stood"] * 2 ** Math.max(0, this.repairs - 1);
    const wait = Math.min(doubled, LONGEST[this.#answered ? "answered" : "unanswered"]);
    return now - this.#since < (this.#answered ? wait : Math.max(wait, 2 * this.#usual));
  }
}

/** Who offers and who answers. */
export class Negotiation {
  /** @type {Link|null} */ link = null;
  /** @type {string|null} */ #theirs = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  #patience = new Patience();
  #askedAnewAt = 0;

  /**
   * @param {{leader: boolean, around: import('./types.js').Surroundings,
   *   connection: () => RTCPeerConnection|Promise<RTCPeerConnection>,
   *   relay: (body: object) => void, tracks: Map<Kind, MediaStreamTrack|null>, linked: (link: Link) => void,
   *   woken: () => void, changed: () => void, furnished: (kind: Kind, track: MediaStreamTrack) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** Bytes arrive: what was tried so far counts no longer. */
  flows() {
    this.#patience.repairs = 0;
    if (this.link) this.link.stood = true;
  }

  /** @param {Body} body */
  receive(body) {
    this.#inTurn(() => (this.parts.leader ? this.#lead(body) : this.#follow(body)));
  }

  /** Also to begin with. @param {boolean} [lost] whether what was sent until now may not have arrived */
  repair(lost = false) {
    this.#inTurn(() => (this.parts.leader ? this.#mend({ lost }) : this.#ask({ lost })));
  }

  /** @param {Body} body */
  async #lead(body) {
    const reborn = this.#theirs !== null && body.instance !== this.#theirs;
    this.#theirs = body.instance;
    if (reborn) return this.#mend({ lost: true, fresh: true });
    if (body.kind === "need-restart") return this.#mend(body);
    if (!this.link || body.epoch !== this.link.epoch) return;
    if (body.kind === "answer" && (await this.link.takeAnswer(body))) this.#patience.answered(Date.now());
    if (body.kind === "candidate") await this.#learn(body);
  }

  /** @param {Body} body */
  async #follow(body) {
    if (body.kind === "offer") return this.#answer(body);
    if (body.kind === "candidate" && body.epoch === this.link?.epoch) await this.#learn(body);
  }

  /** @param {Body} body */
  async #learn({ candidates = [] }) {
    this.parts.around.note("addresses", candidates.length);
    await this.link?.takeCandidates(candidates);
  }

  /** @param {Body} body */
  async #answer(body) {
    const link = this.link && this.link.epoch === body.epoch ? this.link : await this.#connect(String(body.epoch));
    await link.takeOffer(body).catch((error) => {
      this.parts.around.note("offer-refused", String(error));
      return this.#askAnew();
    });
  }

  async #beginAnew() {
    const link = await this.#connect(crypto.randomUUID());
    this.#patience.offered(Date.now());
    await link.offer(false);
  }

  /** Leader. Without a server nothing is begun; its return is the occasion. What came about meanwhile is not asked away.
   * @param {{lost?: boolean, fresh?: boolean, kind?: string}} why */
  async #mend({ lost, fresh, kind }) {
    const { pc, stood = false } = this.link ?? {};
    if (lost && (stood || !kind || pc?.connectionState !== "connected")) this.#patience.forget();
    if (!this.parts.around.heard() || this.#patience.lasts(Date.now(), stood)) return;
    if (!lost) this.#patience.repairs += 1;
    this.parts.around.note("mend", [this.#patience.repairs, stood, fresh]);
    if (fresh || !stood || this.#broken() || this.#patience.repairs > GIVE_UP_AFTER) await this.#beginAnew();
    else await this.#restart(/** @type {Link} */ (this.link));
  }

  /** @param {Link} link */
  async #restart(link) {
    const { servers } = await this.parts.around.freshIce();
    const { certificate, relayOnly } = this.parts.around;
    link.pc.setConfiguration(configuration(servers, certificate, relayOnly));
    this.#patience.offered(Date.now());
    await link.offer(true);
  }

  /** @param {{lost: boolean, fresh?: boolean}} how */
  async #ask({ lost, fresh = !this.link?.stood || this.#broken() }) {
    this.parts.relay({ kind: "need-restart", epoch: this.link?.epoch ?? null, fresh, lost });
  }

  /** A description that could not be read may be read next time, but not a hundred times a second. */
  async #askAnew() {
    if (Date.now() - this.#askedAnewAt < ASK_ANEW_EVERY) return;
    this.#askedAnewAt = Date.now();
    await this.#ask({ lost: true, fresh: true });
  }

  #broken() {
    const dtls = this.link?.pc.sctp?.transport.state;
    return this.link?.pc.signalingState === "closed" || dtls === "failed" || dtls === "closed";
  }

  /** @param {string} epoch */
  async #connect(epoch) {
    const pc = await this.parts.connection();
    this.link?.close();
    this.link = new Link({ ...this.parts, pc, epoch, send: this.parts.relay });
    this.parts.linked(this.link);
    return this.link;
  }

  /** @param {() => Promise<void>|undefined} work */
  #inTurn(work) {
    this.#queue = this.#queue.then(work).catch((error) => this.parts.around.note("link-failed", String(error)));
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

/** Makes the sender begin with a whole picture. @param {RTCRtpSender} sender */
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
    if (pc && pc !== this.#pc) this.#begin(pc);
    if (!pc || this.#busy) return;
    this.parts.pulse();
    this.#busy = true;
    const report = /** @type {Iterable<Record<string, any>>} */ ((await pc.getStats()).values());
    if (pc !== this.#pc) return; // it may never answer once it is closed
    this.#busy = false;
    const { bytes, path } = sample(report);
    const before = this.#at;
    this.#at = performance.now();
    this.parts.verdict(this.#stall.watch(bytes, this.#at - before), path);
  }

  /** @param {RTCPeerConnection} pc */
  #begin(pc) {
    this.#pc = pc;
    this.#busy = false;
    this.#stall = new Stall();
    this.#at = performance.now();
  }
}
