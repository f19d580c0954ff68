/**
 * The socket to the server, kept alive: own ping, replaced when silent, reconnected at once and then with growing pauses.
 * Messages are handed over strictly one after another.
 *
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').Ice} Ice
 */

const TICK = 500;
const PING_EVERY = 1500;
const STALE_AFTER = 4000;
const DOUBTED_FOR = 1500;
const LONGEST_PATIENCE = 16_000;
const FINAL = new Set([4400, 4401, 4403, 4409, 4410]);
const KEPT = new Set(["admit", "turn-away"]);

export class Signal {
  /** @type {WebSocket|null} */ #socket = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {Message[]} */ #outbox = [];
  /** @type {Message[]} what people said of the words: a dying socket may have lost it, and hearing it twice is no harm */ #said =
    [];
  /** @type {ReturnType<typeof setInterval>|undefined} */ #clock;
  #heardAt = 0;
  #pingedAt = 0;
  #tickedAt = 0;
  #patience = STALE_AFTER;
  #inVain = 0;
  #pings = 0;
  #over = false;
  welcomed = false;

  /**
   * @param {{url: string, peer: string, receive: (message: Message) => Promise<void>|void,
   *   lost: () => void, refused: (code: number) => void, note: (what: string, detail?: unknown) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.dial = new Dial({
      url: parts.url,
      opened: (socket) => this.#opened(socket),
      refused: (code) => FINAL.has(code) && this.#refuse(code),
    });
  }

  open() {
    this.#tickedAt = Date.now();
    this.#clock = setInterval(() => this.#tick(Date.now()), TICK);
    this.dial.begin(true);
  }

  close() {
    this.#over = true;
    clearInterval(this.#clock);
    this.dial.stop();
    this.#socket?.close(1000);
  }

  /** @param {Message} message */
  send(message) {
    if (message.type === "words") this.#said.push(message);
    if (this.#socket && this.welcomed) this.#socket.send(JSON.stringify(message));
    else if (KEPT.has(message.type)) this.#outbox.push(message);
  }

  /** Media stand still: ask the socket for a sign of life now, and replace it sooner. */
  doubt() {
    if (!this.#socket || this.#patience !== STALE_AFTER) return;
    this.#patience = Math.min(STALE_AFTER, Date.now() - this.#heardAt + DOUBTED_FOR);
    this.#ping(Date.now());
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#patience = Math.min(STALE_AFTER * 2 ** this.#inVain, LONGEST_PATIENCE); // it may only be slow to greet
    this.#inVain += 1;
    socket.addEventListener("message", ({ data }) => this.#heard(socket, data));
    socket.addEventListener("close", ({ code }) => socket === this.#socket && this.#lose(code));
    socket.send(JSON.stringify({ type: "hello", version: 1, peer: this.parts.peer }));
  }

  /** @param {WebSocket} socket @param {string} data */
  #heard(socket, data) {
    if (socket !== this.#socket) return;
    this.#heardAt = Date.now();
    this.#patience = STALE_AFTER;
    const message = /** @type {Message} */ (JSON.parse(data));
    if (message.type === "pong") return;
    if (message.type === "welcome") this.#welcome();
    this.#queue = this.#queue
      .then(() => this.parts.receive(message))
      .catch((error) => this.parts.note("receive-failed", { type: message.type, error: String(error) }));
  }

  #welcome() {
    this.welcomed = true;
    this.#inVain = 0;
    this.dial.succeeded();
    for (const message of this.#outbox.splice(0)) this.send(message);
    for (const message of this.#said) this.#socket?.send(JSON.stringify(message));
  }

  /** @param {number} code */
  #lose(code) {
    this.#socket = null;
    this.welcomed = false;
    if (this.#over) return;
    if (FINAL.has(code)) return this.#refuse(code);
    this.parts.note("socket-lost", code);
    this.parts.lost();
    this.dial.begin(code !== 4429 && this.dial.fresh);
  }

  /** @param {number} code */
  #refuse(code) {
    this.close();
    this.parts.refused(code);
  }

  /** @param {number} now */
  #tick(now) {
    const late = now - this.#tickedAt > 3 * TICK;
    this.#tickedAt = now;
    if (!this.#socket || late) return;
    if (now - this.#heardAt > this.#patience) this.#replace();
    else if (now - this.#pingedAt >= PING_EVERY) this.#ping(now);
  }

  /** @param {number} now */
  #ping(now) {
    this.#pingedAt = now;
    this.#socket?.send(JSON.stringify({ type: "ping", n: ++this.#pings }));
  }

  #replace() {
    const silent = this.#socket;
    this.#lose(1006);
    silent?.close();
  }
}

// Getting through: several attempts may be under way, the first socket that opens is taken.
const ATTEMPT_LASTS = 4000;
const ATTEMPT_LASTS_AT_FIRST = 12_000;
const BETWEEN = 500;
const BETWEEN_AT_FIRST = 2500;

/**
 * How long to wait before the next attempt: nothing at first, quick while an outage is young, patient later.
 * @param {number} attempt counted from 0 @param {number} lost milliseconds since the socket was lost @param {number} chance 0..1
 */
export function pause(attempt, lost, chance) {
  if (attempt === 0) return 0;
  const cap = lost < 60_000 ? 600 : 5000;
  return Math.min(cap, 100 * 2 ** attempt) * (0.7 + 0.6 * chance);
}

export class Dial {
  /** @type {Set<WebSocket>} */ #attempts = new Set();
  /** @type {ReturnType<typeof setTimeout>|undefined} */ #next;
  #attempt = 0;
  #since = 0;
  /** a slow network is waited for; only one that worked before is asked again sooner */ #between = BETWEEN_AT_FIRST;

  /** @param {{url: string, opened: (socket: WebSocket) => void, refused: (code: number) => void}} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {boolean} atOnce not after a welcome was refused or without end */
  begin(atOnce) {
    this.#since = Date.now();
    if (atOnce) this.#try();
    else this.#later();
  }

  /** The server answered: the next loss begins with no pause. */
  succeeded() {
    this.#attempt = 0;
    this.#between = BETWEEN;
  }

  get fresh() {
    return this.#attempt === 0;
  }

  stop() {
    clearTimeout(this.#next);
    for (const socket of this.#attempts) socket.close();
    this.#attempts.clear();
  }

  #try() {
    const socket = new WebSocket(this.parts.url);
    this.#attempts.add(socket);
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("close", ({ code }) => {
      if (!this.#attempts.delete(socket)) return;
      if (!this.#attempts.size) this.#later();
      this.parts.refused(code);
    });
    const lasts = this.#between === BETWEEN ? ATTEMPT_LASTS : ATTEMPT_LASTS_AT_FIRST;
    setTimeout(() => this.#attempts.has(socket) && socket.close(), lasts);
    this.#later();
  }

  #later() {
    const wait = pause(++this.#attempt, Date.now() - this.#since, Math.random());
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#try(), Math.max(wait, this.#attempts.size * this.#between));
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    if (!this.#attempts.delete(socket)) return socket.close();
    this.stop();
    this.parts.opened(socket);
  }
}

const WAIT = 700;
const FRESH_FOR = 20_000;

/** The relays this side may use. Their credentials are short-lived, so they are fetched anew before a repair. */
export class Relays {
  /** @type {Ice} */ ice = { servers: [], ttl: 0 };
  /** @type {((ice: Ice) => void)[]} */ #asked = [];
  #at = 0;

  /** @param {Signal} signal */
  constructor(signal) {
    this.signal = signal;
  }

  /** @param {Ice} ice */
  take({ servers, ttl }) {
    this.ice = { servers, ttl };
    this.#at = Date.now();
    for (const answer of this.#asked.splice(0)) answer(this.ice);
  }

  /** @returns {Promise<Ice>} fetched just now, or the last ones when the server does not answer in time */
  fresh() {
    if (Date.now() - this.#at < FRESH_FOR || !this.signal.welcomed) return Promise.resolve(this.ice);
    this.signal.send({ type: "ice" });
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      setTimeout(() => resolve(this.ice), WAIT);
    });
  }
}
