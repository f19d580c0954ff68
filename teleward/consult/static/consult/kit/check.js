// The equipment check: each part answers with what it found, none of them blocks the way.

const TONES = [440, 554, 659];
const PATIENCE = 6000;

/** Plays three short notes, to a chosen loudspeaker where the browser can. @param {string} [speaker] */
export async function playNotes(speaker) {
  const context = new AudioContext();
  if (speaker && "setSinkId" in context) {
    await /** @type {{setSinkId: (id: string) => Promise<void>}} */ (/** @type {unknown} */ (context))
      .setSinkId(speaker)
      .catch(() => undefined);
  }
  await context.resume();
  for (const [place, pitch] of TONES.entries()) note(context, pitch, context.currentTime + 0.1 + place * 0.35);
  await new Promise((resolve) => setTimeout(resolve, 1400));
  await context.close();
}

/** @param {AudioContext} context @param {number} frequency @param {number} start */
function note(context, frequency, start) {
  const voice = new OscillatorNode(context, { frequency });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.25, start + 0.03);
  volume.gain.linearRampToValueAtTime(0, start + 0.3);
  voice.connect(volume).connect(context.destination);
  voice.start(start);
  voice.stop(start + 0.32);
}

/** How a call would travel from here: straight, only through the relay, or not at all. A call to oneself is made
 * both ways; it asks the practice's own relay and nobody else. "Straight" needs a sign that UDP leaves this network.
 * @param {RTCIceServer[]} servers @returns {Promise<{path: 'direct'|'relayed'|'none', relay: string}>} */
export async function tryPath(servers) {
  const [straight, relayed] = await Promise.all([loop(servers, "all"), loop(servers, "relay")]);
  return { path: judge(straight, relayed, servers.length > 0), relay: relayed.relay };
}

/** @typedef {{works: boolean, outside: boolean, relay: string}} Loop */

/** @param {Loop} straight @param {Loop} relayed @param {boolean} asked whether there was a server to ask
 * @returns {'direct'|'relayed'|'none'} */
export function judge(straight, relayed, asked) {
  const leaves = straight.outside || relayed.relay === "udp";
  if (straight.works && (leaves || !asked)) return "direct";
  return relayed.works ? "relayed" : "none";
}

/** @param {RTCIceServer[]} iceServers @param {RTCIceTransportPolicy} iceTransportPolicy @returns {Promise<Loop>} */
async function loop(iceServers, iceTransportPolicy) {
  if (iceTransportPolicy === "relay" && iceServers.length === 0) return { works: false, outside: false, relay: "" };
  const one = new RTCPeerConnection({ iceServers, iceTransportPolicy });
  const two = new RTCPeerConnection({ iceServers, iceTransportPolicy });
  const found = addresses(one);
  try {
    await Promise.race([meet(one, two), late()]);
    return { works: true, ...found };
  } catch {
    return { works: false, ...found };
  } finally {
    one.close();
    two.close();
  }
}

const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));

/** What kinds of addresses a connection finds, kept up to date. @param {RTCPeerConnection} connection */
function addresses(connection) {
  const found = { outside: false, relay: "" };
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate?.type === "srflx") found.outside = true;
    if (candidate?.type === "relay") found.relay ||= protocolOf(candidate);
  });
  return found;
}

/** @param {RTCPeerConnection} one @param {RTCPeerConnection} two @returns {Promise<unknown>} when a message could pass */
async function meet(one, two) {
  const channel = one.createDataChannel("check");
  const open = new Promise((resolve) => channel.addEventListener("open", resolve, { once: true }));
  const flow = [cross(one, two), cross(two, one)];
  await one.setLocalDescription();
  await two.setRemoteDescription(/** @type {RTCSessionDescription} */ (one.localDescription));
  await two.setLocalDescription();
  await one.setRemoteDescription(/** @type {RTCSessionDescription} */ (two.localDescription));
  for (const begin of flow) begin();
  return open;
}

/** Hands over one side's addresses as soon as the other side can take them; returns the signal that it can.
 * @param {RTCPeerConnection} from @param {RTCPeerConnection} to */
function cross(from, to) {
  /** @type {RTCIceCandidate[]|null} */ let early = [];
  const hand = (/** @type {RTCIceCandidate} */ candidate) => to.addIceCandidate(candidate).catch(() => undefined);
  from.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate) early ? early.push(candidate) : hand(candidate);
  });
  return () => {
    early?.forEach(hand);
    early = null;
  };
}

/** How the relay was reached. Browsers that do not say it count as UDP. @param {RTCIceCandidate} candidate */
const protocolOf = (candidate) =>
  /** @type {RTCIceCandidate & {relayProtocol?: string}} */ (candidate).relayProtocol ?? "udp";
