/** Keeps what is sent to one person within what the way to them can carry. */
import { Ladder } from "./ladder.js";

const EVERY = 2000;
const SETTLE = 3;
const SENT = [
  { shrink: 1, maxBitrate: 900_000, maxFramerate: 30, active: true },
  { shrink: 2, maxBitrate: 250_000, maxFramerate: 24, active: true },
];
const PAUSED = { shrink: 2, maxBitrate: 250_000, maxFramerate: 24, active: false };
const FULL_HEIGHT = 480;

/**
 * @param {Record<string, any>[]} stats @returns {import('./ladder.js').Quality|null} null before anything is known
 */
export function reading(stats) {
  const reports = stats.filter(({ type }) => type === "remote-inbound-rtp");
  if (!reports.length) return null;
  const video = stats.find(
    ({ type, kind, framesPerSecond }) => type === "outbound-rtp" && kind === "video" && framesPerSecond,
  );
  const pair = stats.find(({ availableOutgoingBitrate }) => availableOutgoingBitrate !== undefined);
  return {
    loss: Math.max(...reports.map(({ fractionLost }) => fractionLost ?? 0)),
    delay: Math.max(...reports.map(({ roundTripTime }) => roundTripTime ?? 0)),
    available: pair?.availableOutgoingBitrate,
    limitedBy: video?.qualityLimitationReason,
    fps: video?.framesPerSecond,
  };
}

export class Quality {
  #ladder = new Ladder();
  #looks = 0;

  /**
   * @param {{peer: string, around: import('./types.js').Surroundings,
   *   link: () => import('./link.js').Link|null, flows: () => boolean}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.clock = setInterval(() => this.#look(), EVERY);
    this.#ladder.choose(parts.around.media.mode);
    void this.#apply();
  }

  /** @param {import('./types.js').Mode} mode what the person wants from now on */
  choose(mode) {
    this.#ladder.choose(mode);
    void this.#apply();
  }

  /** A new connection: settle again. */
  attach() {
    this.#looks = 0;
    void this.#apply();
  }

  close() {
    clearInterval(this.clock);
  }

  async #look() {
    const link = this.parts.link();
    if (!link || !this.parts.flows() || ++this.#looks <= SETTLE) return;
    const report = /** @type {Iterable<Record<string, any>>} */ ((await link.pc.getStats()).values());
    const now = reading([...report]);
    const change = now && this.#ladder.look(now);
    if (!change) return;
    this.#looks = 0;
    await this.#apply();
    this.parts.around.achieved(change.mode);
    this.parts.around.emit("quality", { peer: this.parts.peer, ...change });
  }

  async #apply() {
    const sender = this.parts.link()?.places.find(({ kind }) => kind === "video")?.sender;
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings?.length) return;
    const { shrink, ...limits } = SENT[this.#ladder.step] ?? PAUSED;
    const height = sender.track?.getSettings().height ?? FULL_HEIGHT;
    const scaleResolutionDownBy = Math.max(1, height / FULL_HEIGHT) * shrink;
    for (const encoding of parameters.encodings) Object.assign(encoding, limits, { scaleResolutionDownBy });
    await sender.setParameters(parameters).catch((error) => this.parts.around.note("quality", String(error)));
  }
}
