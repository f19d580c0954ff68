/**
 * The socket to the server, kept alive: own ping, replaced when silent, reconnected at once and then with growing pauses.
 * Messages are handed over strictly one after another.
 *
 * @typedef {import('./types.js').Message} Message
 */
const TICK = 500;
const PING_EVERY = 1500;
const STALE_AFTER = 4000;
const DOUBTED_FOR = 1500;
const ATTEMPT_LASTS = 4000;
const FINAL = new Set([4401, 4403, 4409, 4410]);
const KEPT = new Set(["admit", "turn-away", "words"]);

/**
 * How long to wait before the next attempt: nothing at first, quick while an outage is young, patient later.
 * @param {number} attempt counted from 0 @param {number} lost milliseconds since the socket was lost @param {number} chance 0..1
 */
export function pause(attempt, lost, chance) {
  if (attempt === 0) return 0;
  const cap = lost < 60_000 ? 600 : 5000;
  return Math.min(cap, 100 * 2 ** attempt) * (0.7 + 0.6 * chance);
}

export class Signal {
  /** @type {WebSocket|null} */ #socket = null;
  /** @type {Set<WebSocket>} */ #attempts = new Set();
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  /** @type {Message[]} */ #outbox = [];
  /** @type {ReturnType<typeof setTimeout>|undefined} */ #next;
  /** @type {ReturnType<typeof setInterval>|undefined} */ #clock;
  #attempt = 0;
  #lostAt = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #tickedAt = 0;
  #patience = STALE_AFTER;
  #pings = 0;
  #over = false;
  welcomed = false;

  /**
   * @param {{url: string, peer: string, receive: (message: Message) => Promise<void>|void,
   *   lost: () => void, refused: (code: number) => void, note: (what: string, detail?: unknown) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  open() {
    this.#lostAt = this.#tickedAt = Date.now();
    this.#clock = setInterval(() => this.#tick(Date.now()), TICK);
    this.#connect();
  }

  close() {
    this.#over = true;
    clearInterval(this.#clock);
    clearTimeout(this.#next);
    for (const socket of this.#attempts) socket.close();
    this.#socket?.close(1000);
  }

  /** @param {Message} message */
  send(message) {
    if (this.#socket && this.welcomed) this.#socket.send(JSON.stringify(message));
    else if (KEPT.has(message.type)) this.#outbox.push(message);
  }

  /** Media stand still: ask the socket for a sign of life now, and replace it sooner. */
  doubt() {
    if (!this.#socket || this.#patience !== STALE_AFTER) return;
    this.#patience = Math.min(STALE_AFTER, Date.now() - this.#heardAt + DOUBTED_FOR);
    this.#ping(Date.now());
  }

  #connect() {
    const socket = new WebSocket(this.parts.url);
    this.#attempts.add(socket);
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", ({ data }) => this.#heard(socket, data));
    socket.addEventListener("close", ({ code }) => this.#closed(socket, code));
    setTimeout(() => this.#attempts.has(socket) && socket.close(), ATTEMPT_LASTS);
    this.#schedule();
  }

  #schedule() {
    const wait = pause(++this.#attempt, Date.now() - this.#lostAt, Math.random());
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#connect(), Math.max(wait, this.#attempts.size * 500));
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    this.#attempts.delete(socket);
    clearTimeout(this.#next);
    for (const other of this.#attempts) other.close();
    this.#attempts.clear();
    if (this.#socket || this.#over) return socket.close();
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#patience = STALE_AFTER;
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
    this.#attempt = 0;
    for (const message of this.#outbox.splice(0)) this.send(message);
  }

  /** @param {WebSocket} socket @param {number} code */
  #closed(socket, code) {
    const tried = this.#attempts.delete(socket); // one that was replaced has nothing to say any more
    if (socket === this.#socket) this.#lose(code);
    else if (tried && FINAL.has(code)) this.#refuse(code);
  }

  /** @param {number} code */
  #lose(code) {
    this.#socket = null;
    this.welcomed = false;
    if (this.#over) return;
    if (FINAL.has(code)) return this.#refuse(code);
    this.parts.note("socket-lost", code);
    this.#lostAt = Date.now();
    this.parts.lost();
    if (code === 4429 || this.#attempt > 0) this.#schedule();
    else this.#connect();
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
