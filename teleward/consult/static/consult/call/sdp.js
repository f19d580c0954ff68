/**
 * What connections are made with, and what their descriptions say.
 *
 * @typedef {import('./types.js').Ice} Ice
 */

/** @type {import('./types.js').Kind[]} what every connection carries, in this order */
export const KINDS = ["audio", "video", "screen"];
const WAIT = 700;
const FRESH_FOR = 20_000;
const CODECS = /^(audio\/(opus|telephone-event)|video\/(VP8|H264|rtx))$/i;

/**
 * @param {RTCIceServer[]} servers @param {RTCCertificate} certificate @param {boolean} relayOnly
 * @returns {RTCConfiguration}
 */
export function configuration(servers, certificate, relayOnly) {
  return {
    iceServers: servers,
    certificates: [certificate],
    bundlePolicy: "max-bundle",
    iceCandidatePoolSize: 1,
    iceTransportPolicy: relayOnly ? "relay" : "all",
  };
}

/** Few codecs keep the offer small and its negotiation quick. @param {RTCRtpTransceiver} place */
export function prefer(place) {
  const kind = /** @type {'audio'|'video'} */ (place.receiver.track.kind);
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs.filter(({ mimeType }) => CODECS.test(mimeType));
  if (codecs?.length) place.setCodecPreferences?.(codecs);
}

/**
 * Firefox leaves feedback lines of codecs it no longer offers, which Chromium refuses to read.
 * @param {string} sdp @returns {string} without them
 */
export function withoutStrays(sdp) {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) => {
      const offered = new Set(section.split("\r\n", 1)[0]?.split(" ").slice(3));
      return section.replace(/^a=rtcp-fb:(\d+) .*\r\n/gm, (line, type) => (offered.has(type) ? line : ""));
    })
    .join("");
}

/** The relays this side may use. Their credentials are short-lived, so they are fetched anew before a repair. */
export class Relays {
  /** @type {Ice} */ ice = { servers: [], ttl: 0 };
  /** @type {((ice: Ice) => void)[]} */ #asked = [];
  #at = 0;

  /** @param {import('./signal.js').Signal} signal */
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
