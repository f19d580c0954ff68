/**
 * Keeps what is sent to one person within what the way to them can carry. Steps down by itself and says why; steps up by
 * itself only between sizes of a picture that is already being sent. A camera that stopped sending waits for the person.
 *
 * @typedef {import('./types.js').Mode} Mode
 * @typedef {'loss'|'bandwidth'|'delay'|'cpu'|'better'|'chosen'} Because
 * @typedef {{loss: number, available?: number, delay: number, limitedBy?: string, fps?: number}} Looked
 */

const EVERY = 2000;
const SETTLE = 3;
const SENT = [
  { shrink: 1, maxBitrate: 900_000, maxFramerate: 30, active: true },
  { shrink: 2, maxBitrate: 250_000, maxFramerate: 24, active: true },
];
const PAUSED = { shrink: 2, maxBitrate: 250_000, maxFramerate: 24, active: false };
const FULL_HEIGHT = 480;

/**
 * @param {Record<string, any>[]} stats @returns {Looked|null} null before anything is known
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
  /** @type {string} the step that was taken, by which connection, for which picture */ #fitted = "";

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

  /** A new connection: settle again. What it sends is limited as soon as there is something to limit. */
  attach() {
    this.#looks = 0;
    void this.#apply();
  }

  close() {
    clearInterval(this.clock);
  }

  async #look() {
    const link = this.parts.link();
    if (!link || !this.parts.flows()) return;
    if (this.#fitted !== this.#wanted(link)) await this.#apply();
    if (++this.#looks <= SETTLE) return;
    const report = /** @type {Iterable<Record<string, any>>} */ ((await link.pc.getStats()).values());
    const now = reading([...report]);
    const change = now && this.#ladder.look(now);
    if (!change) return;
    this.#looks = 0;
    await this.#apply();
    this.parts.around.achieved(change.mode);
    this.parts.around.emit("quality", { peer: this.parts.peer, ...change });
  }

  /** @param {import('./link.js').Link} link */
  #wanted = (link) => [link.epoch, this.#ladder.step, senderOf(link)?.track?.id].join();

  /** Before its description a connection has nothing to limit, and a sender takes one change at a time: what it did not
   * take is tried again with the next look. */
  async #apply() {
    const link = this.parts.link();
    const sender = link && senderOf(link);
    const parameters = sender?.getParameters();
    if (!link || !sender || !parameters?.encodings?.length) return;
    const wanted = this.#wanted(link);
    const { shrink, ...limits } = SENT[this.#ladder.step] ?? PAUSED;
    const height = sender.track?.getSettings().height ?? FULL_HEIGHT;
    const scaleResolutionDownBy = Math.max(1, height / FULL_HEIGHT) * shrink;
    for (const encoding of parameters.encodings) Object.assign(encoding, limits, { scaleResolutionDownBy });
    await sender.setParameters(parameters).then(
      () => {
        this.#fitted = wanted;
      },
      (error) => this.parts.around.note("quality", String(error)),
    );
  }
}

/** @param {import('./link.js').Link} link */
const senderOf = ({ places }) => places.find(({ kind }) => kind === "video")?.sender;

// Which step of quality the connection can carry: pure, no clocks.

/** @type {Mode[]} */
export const STEPS = ["video", "low-video", "one-way", "audio"];
const BAD_LOOKS = 2;
const GOOD_LOOKS = 8;
const MOST_GOOD_LOOKS = 64;

/** @type {{loss: number, available: number, delay: number, fps: number}[]} what makes each step too much */
const TOO_MUCH = [
  { loss: 0.08, available: 200_000, delay: 1.5, fps: 10 },
  { loss: 0.2, available: 80_000, delay: 2.5, fps: 4 },
  { loss: 0.35, available: 24_000, delay: 4, fps: 0 },
];

/** @param {Mode} mode @returns {number} the highest step that mode allows */
export function stepOf(mode) {
  if (mode === "photo-audio") return 2;
  const step = STEPS.indexOf(mode);
  return step < 0 ? STEPS.length - 1 : step;
}

/** @param {number} step @param {Looked} now @returns {Because|null} why the step is too much, null while it is not */
export function tooMuch(step, { loss, available, delay, limitedBy, fps }) {
  const most = TOO_MUCH[step];
  if (!most) return null;
  if (loss > most.loss) return "loss";
  if (available !== undefined && available < most.available) return "bandwidth";
  if (delay > most.delay) return "delay";
  return limitedBy === "cpu" && fps !== undefined && fps < most.fps ? "cpu" : null;
}

/** @param {Looked} now @returns {boolean} whether a larger picture would fit */
function roomy({ loss, available, delay, limitedBy }) {
  return loss < 0.02 && delay < 0.8 && (available ?? Infinity) > 350_000 && limitedBy !== "cpu";
}

export class Ladder {
  #bad = 0;
  #good = 0;
  #needed = GOOD_LOOKS;
  step = 0;
  /** @type {number} what the person chose; never exceeded */ #ceiling = 0;

  /** @param {Mode} mode a person's choice, up or down */
  choose(mode) {
    this.step = this.#ceiling = stepOf(mode);
    this.#bad = this.#good = 0;
    this.#needed = GOOD_LOOKS;
  }

  /** One look, every two seconds. @param {Looked} now @returns {{mode: Mode, because: Because}|null} a change */
  look(now) {
    const because = tooMuch(this.step, now);
    this.#bad = because ? this.#bad + 1 : 0;
    this.#good = roomy(now) ? this.#good + 1 : 0;
    if (because && this.#bad >= BAD_LOOKS) return this.#move(1, because);
    const mayRise = this.step === 1 && this.#ceiling === 0;
    return mayRise && this.#good >= this.#needed ? this.#rise() : null;
  }

  #rise() {
    this.#needed = Math.min(MOST_GOOD_LOOKS, this.#needed * 2);
    return this.#move(-1, "better");
  }

  /** @param {1|-1} by @param {Because} because */
  #move(by, because) {
    this.step += by;
    this.#bad = this.#good = 0;
    return { mode: /** @type {Mode} */ (STEPS[this.step]), because };
  }
}
