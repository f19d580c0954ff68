/** Gets a socket through to the server: several attempts may be under way, the first that opens is taken. */
const ATTEMPT_LASTS = 4000;
const BETWEEN = 500;

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
      if (this.#attempts.delete(socket)) this.parts.refused(code);
    });
    setTimeout(() => this.#attempts.has(socket) && socket.close(), ATTEMPT_LASTS);
    this.#later();
  }

  #later() {
    const wait = pause(++this.#attempt, Date.now() - this.#since, Math.random());
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#try(), Math.max(wait, this.#attempts.size * BETWEEN));
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    if (!this.#attempts.delete(socket)) return socket.close();
    this.stop();
    this.parts.opened(socket);
  }
}
