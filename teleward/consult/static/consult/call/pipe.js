/** A data channel that holds what arrives until somebody reads, so that the reader may be loaded late. */
export class Pipe {
  /** @type {(string|ArrayBuffer)[]} */ #held = [];
  /** @type {((data: string|ArrayBuffer) => void)|null} */ #read = null;

  /**
   * @param {RTCDataChannel} channel
   * @param {() => void} wake called when something arrives and nobody reads yet
   */
  constructor(channel, wake) {
    this.channel = channel;
    this.wake = wake;
    channel.binaryType = "arraybuffer";
    /** @type {Promise<void>} */
    this.opened = new Promise((resolve) => {
      channel.addEventListener("open", () => resolve(), { once: true });
    });
    channel.addEventListener("message", ({ data }) => {
      if (this.#read) this.#read(data);
      else if (this.#held.push(data) === 1) this.wake();
    });
  }

  get open() {
    return this.channel.readyState === "open";
  }

  get waiting() {
    return this.#held.length > 0;
  }

  /** @param {(data: string|ArrayBuffer) => void} read */
  attach(read) {
    this.#read = read;
    for (const data of this.#held.splice(0)) read(data);
  }

  /** @param {object} message @returns {boolean} whether it went out */
  tell(message) {
    if (!this.open) return false;
    this.channel.send(JSON.stringify(message));
    return true;
  }
}

/** @param {string|ArrayBuffer} data @returns {Record<string, any>|null} the JSON object in it, null for anything else */
export function parse(data) {
  if (typeof data !== "string" || data.length > 65_536) return null;
  try {
    const value = JSON.parse(data);
    return value && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
