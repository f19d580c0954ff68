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
  /** @type {Map<string, Message>} on its way when it was forgotten; that it came may still be heard */ #late =
    new Map();

  /** @param {() => boolean} [may] whether anything may go out now
   * @param {(message: Message) => void} [lost] is told what was given up because too many waited */
  constructor(may = () => true, lost = () => undefined) {
    this.may = may;
    this.lost = lost;
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

  /** Sends it no more. @param {(message: Message) => boolean} which @returns {Message[]} what never went out */
  forget(which) {
    const found = [...this.#waiting].filter(([, { message }]) => which(message));
    for (const [key, { message }] of found) {
      if (this.#sent.has(message.id)) this.#late.set(message.id, message);
      this.#remove(key);
    }
    return found.map(([, { message }]) => message).filter(({ id }) => !this.#late.has(id));
  }

  /** @param {string} id @returns {Message|null} what the other side now has */
  acknowledged(id) {
    const found = [...this.#waiting].find(([, { message }]) => message.id === id);
    if (!found) return this.#wasLate(id);
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

  /** @param {string} id @returns {Message|null} */
  #wasLate(id) {
    const message = this.#late.get(id) ?? null;
    this.#late.delete(id);
    return message;
  }

  #giveUp() {
    const isAtHome = (/** @type {Message} */ { t, id }) => t === "reading" && !this.#sent.has(id);
    const oldest = [...this.#waiting].find(([, { message }]) => isAtHome(message));
    if (!oldest) return;
    this.#remove(oldest[0]);
    this.lost(oldest[1].message);
  }
}
