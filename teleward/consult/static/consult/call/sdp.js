/** How connections are set up, and what their descriptions say. */

/** @type {import('./types.js').Kind[]} what every connection carries, in this order */
export const KINDS = ["audio", "video", "screen"];
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
