/** One side of a call under test: keeps what happened, measures what really arrives. */

import { Call } from "/call/call.js";
import { loadCertificate } from "/call/link.js";

const heard = {
  chat: [],
  files: [],
  photos: [],
  refused: [],
  offered: [],
  asked: [],
  quality: [],
  problems: [],
  delivered: [],
};
window.heard = heard;
window.pcs = [];
window.frames = {};
window.audio = {};
const Native = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Native {
  constructor(...parts) {
    super(...parts);
    window.pcs.push(this);
  }
};
const shelves = {
  chat: "chat",
  "file-refused": "refused",
  "photo-asked": "asked",
  quality: "quality",
  problem: "problems",
  "file-delivered": "delivered",
};

window.begin = async ({ room, role, peer, media = true, relayOnly = false, fresh = false }) => {
  const certificate = fresh
    ? await Native.generateCertificate({ name: "ECDSA", namedCurve: "P-256" })
    : await loadCertificate();
  const url = `${location.origin.replace("http", "ws")}/live/visits/${room}?role=${role}`;
  const call = new Call({ url, peer, certificate, relayOnly });
  window.call = call;
  for (const [type, shelf] of Object.entries(shelves)) {
    call.addEventListener(type, ({ detail }) => heard[shelf].push({ ...detail, at: performance.now() }));
  }
  call.addEventListener("photo", async ({ detail }) =>
    heard.photos.push({ size: detail.blob.size, type: detail.blob.type }),
  );
  call.addEventListener("file-offered", (event) => {
    heard.offered.push(event.detail);
    if (window.askFirst) event.preventDefault();
  });
  call.addEventListener("file", async ({ detail: { blob, ...rest } }) =>
    heard.files.push({ ...rest, hash: await digest(await blob.arrayBuffer()) }),
  );
  call.addEventListener("lobby", ({ detail }) => {
    if (window.doorman !== false) for (const one of detail.waiting) call.admit(one.peer);
  });
  call.addEventListener("track", ({ detail }) => show(detail));
  if (media) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } });
    await call.setTrack("audio", stream.getAudioTracks()[0]);
    await call.setTrack("video", stream.getVideoTracks()[0]);
  }
  window.begunAt = performance.now();
  call.open();
  if (role !== "clinician") call.arrive({ mode: "video" });
};

function show({ peer, kind, stream }) {
  const element = document.createElement(kind === "audio" ? "audio" : "video");
  element.srcObject = stream;
  element.muted = true;
  element.autoplay = true;
  document.body.append(element);
  if (kind !== "video") return;
  window.frames[peer] = { count: 0, first: 0, last: 0, gaps: [] };
  const count = () => {
    const seen = window.frames[peer];
    seen.count += 1;
    const now = performance.now();
    seen.first ||= now;
    if (seen.last && now - seen.last > 500) seen.gaps.push([seen.last, now]);
    seen.last = now;
    element.requestVideoFrameCallback(count);
  };
  element.requestVideoFrameCallback(count);
}

window.view = () => {
  const { phase, seat, peers } = window.call.state;
  return { phase, seat, peers: Object.fromEntries(peers) };
};
window.firstPeer = () => [...window.call.state.peers.keys()][0];
window.energy = async () => {
  let sum = 0;
  for (const pc of window.pcs.filter(({ connectionState }) => connectionState !== "closed")) {
    for (const one of (await pc.getStats()).values()) {
      if (one.type === "inbound-rtp" && one.kind === "audio") sum += one.totalAudioEnergy ?? 0;
    }
  }
  return sum;
};
window.digest = digest;
async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
window.ready = true;
