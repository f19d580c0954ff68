/** All that goes on between two people whose connection stands: words, chat, files, quality. Loaded after the first frame is on its way. */
import { Quality } from "./quality.js";
import { Talk } from "./talk.js";
import { Verification } from "./verification.js";

/** @typedef {import('./link.js').Link} Link */

export class Conversation {
  /** @type {Promise<import('./files.js').Files>|null} */ #files = null;
  /** @type {Link|null} */ #link = null;

  /** @param {import('./peer.js').Peer} whom */
  constructor(whom) {
    const { around, leader, person } = whom.parts;
    const { peer } = person;
    this.parts = { peer, around };
    this.verification = new Verification({ peer, around, initiator: leader });
    this.quality = new Quality({ peer, around, link: () => this.#link, flows: () => whom.state === "connected" });
    this.talk = new Talk({
      peer,
      around,
      media: (media) => {
        whom.media = media;
        around.changed();
      },
    });
  }

  /** @param {Link} link */
  attach(link) {
    this.#link = link;
    this.verification.attach(link);
    this.talk.attach(link);
    this.quality.attach();
    link.pipes.files.wake = () => void this.#loadFiles();
    if (this.#files || link.pipes.files.waiting) void this.#loadFiles().then((files) => files.attach(link));
  }

  recheck() {
    void this.verification.recheck();
  }

  /** @param {string} id @param {Blob} blob @param {{name: string, purpose: 'file'|'photo'}} about */
  async sendFile(id, blob, about) {
    await (await this.#loadFiles()).send(id, blob, about);
  }

  /** @param {string} id @param {boolean} yes */
  async answerFile(id, yes) {
    (await this.#loadFiles()).answer(id, yes);
  }

  close() {
    this.quality.close();
  }

  #loadFiles() {
    this.#files ??= import("./files.js").then(({ Files }) => {
      const files = new Files(this.parts);
      if (this.#link) files.attach(this.#link);
      return files;
    });
    return this.#files;
  }
}
