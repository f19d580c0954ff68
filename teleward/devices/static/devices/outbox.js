/**
 * What one person in the call has not yet said they have. A message stays until it is acknowledged, so nothing is lost when
 * a connection is replaced; few are on their way at a time, and none before the one it needs.
 *
 * @typedef {{channel: RTCDataChannel, open: boolean, opened: Promise<void>, tell: (message: object) => boolean,
 *   attach: (read: (data: string|ArrayBuffer) => void) => void}} Pipe of the call
 * @typedef {{t: string, id: string, [field: string]: any}} Message
 * @typedef {{message: Message, needs: string}} Waiting `needs` is the key of what has to be acknowledged first
 */

export const WINDOW = 20; // messages on their way at a time
export const AGAIN = 2000; // milliseconds until a message that was not acknowledged goes out again
const MOST = 5000; // then the oldest that nobody waits for is given up, and counted

export class Outbox {
  /** @type {Map<string, Waiting>} in the order they go out */ #waiting = new Map();
  /** @type {Map<string, number>} when which message went out last */ #sent = new Map();
  /** @type {Pipe|null} */ #pipe = null;
  /** given up because too many waited */ lost = 0;

  /** @param {() => boolean} [may] whether anything may go out now */
  constructor(may = () => true) {
    this.may = may;
  }

  /** A new connection: nothing is on its way. @param {Pipe} pipe */
  attach(pipe) {
    this.#pipe = pipe;
    this.#sent.clear();
    void pipe.opened.then(() => this.pump());
  }

  /** @param {string} key the newest with this key counts @param {Message} message @param {string} [needs] */
  put(key, message, needs = "") {
    this.#remove(key);
    this.#waiting.set(key, { message, needs });
    if (this.#waiting.size > MOST) this.#giveUp();
    this.pump();
  }

  /** @param {(message: Message) => boolean} which */
  forget(which) {
    for (const [key, { message }] of this.#waiting) if (which(message)) this.#remove(key);
  }

  /** @param {string} id @returns {Message|null} what the other side now has */
  acknowledged(id) {
    const found = [...this.#waiting].find(([, { message }]) => message.id === id);
    if (!found) return null;
    this.#remove(found[0]);
    this.pump();
    return found[1].message;
  }

  /** Sends what may go now. @param {number} [now] milliseconds */
  pump(now = performance.now()) {
    if (!this.may()) return;
    let flying = 0;
    for (const { message, needs } of this.#waiting.values()) {
      if (flying >= WINDOW) return;
      if (this.#waiting.has(needs)) continue;
      const since = this.#sent.get(message.id) ?? Number.NEGATIVE_INFINITY;
      if (now - since >= AGAIN && !this.#send(message, now)) return;
      flying += 1;
    }
  }

  get length() {
    return this.#waiting.size;
  }

  /** @param {Message} message @param {number} now */
  #send(message, now) {
    if (!this.#pipe?.tell({ ...message, sent_at: new Date().toISOString() })) return false;
    this.#sent.set(message.id, now);
    return true;
  }

  /** @param {string} key */
  #remove(key) {
    this.#sent.delete(this.#waiting.get(key)?.message.id ?? "");
    this.#waiting.delete(key);
  }

  #giveUp() {
    const oldest = [...this.#waiting].find(([, { message }]) => message.t === "reading");
    if (!oldest) return;
    this.#remove(oldest[0]);
    this.lost += 1;
  }
}
