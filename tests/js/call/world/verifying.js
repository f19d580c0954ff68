// Both ends of the words without a browser: certificates, connections and pipes that a test moves by hand.

import { createHash } from "node:crypto";
import { mock } from "node:test";

import { Verification } from "../../../../teleward/consult/static/consult/call/verification.js";

export const certificate = new TextEncoder().encode("the certificate of the other side");
export const theirs = new Uint8Array(createHash("sha256").update(certificate).digest());
export const promise = (bytes) => {
  const pairs = createHash("sha256").update(bytes).digest("hex").match(/../g).join(":");
  return { sdp: `v=0\r\na=fingerprint:sha-256 ${pairs}\r\n` };
};

class Transport extends EventTarget {
  state = "connected";
  certificate = certificate;
  getRemoteCertificates = () => (this.certificate ? [this.certificate.buffer] : []);

  became(state) {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

export class Connection extends EventTarget {
  sctp = { transport: new Transport() };
  connectionState = "connecting";
  currentLocalDescription = null;
  currentRemoteDescription = null;
  getReceivers = () => [];
  getStats = async () => new Map();

  describe(other = certificate, own = new Uint8Array(3)) {
    this.currentLocalDescription = promise(own);
    this.currentRemoteDescription = promise(other);
    this.dispatchEvent(new Event("signalingstatechange"));
  }
}

/** A link whose words pipe is driven by hand. */
export function linked(state = "connected") {
  const pc = new Connection();
  pc.sctp.transport.state = state;
  const said = [];
  const pipe = { open: true, opened: new Promise(() => {}), tell: (message) => said.push(message) };
  pipe.attach = (read) => Object.assign(pipe, { hear: (message) => read(JSON.stringify(message)) });
  return { pc, pipes: { words: pipe }, said };
}

export function verification(initiator = true) {
  const [problems, recorded] = [[], []];
  const around = {
    visit: "visit",
    language: "en",
    note: () => {},
    changed: () => {},
    send: (message) => recorded.push(message),
    emit: (_type, problem) => problems.push(problem.code),
  };
  return { problems, recorded, verifies: new Verification({ peer: "p", initiator, around }) };
}

/** As long as one hash takes. */
export const aMoment = () => crypto.subtle.digest("SHA-256", certificate);

/** Long enough for what was begun to come to its end: everything here waits for a hash at most. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await aMoment();
}

/** A clinician and a patient, and between them what a test has not yet let pass. */
export class Two {
  clinician = { ...verification(true), certificate: new Uint8Array(5).fill(1) };
  patient = { ...verification(false), certificate: new Uint8Array(5).fill(2) };

  /** A connection between them in place of the last one, over which nothing went until now. */
  async connect() {
    const [one, other] = [this.clinician, this.patient];
    for (const [side, beyond] of [
      [one, other],
      [other, one],
    ]) {
      side.link = linked();
      side.link.pc.sctp.transport.certificate = beyond.certificate;
      side.link.pc.describe(beyond.certificate, side.certificate);
    }
    for (const { verifies, link } of [one, other]) {
      verifies.attach(link);
      await verifies.recheck();
    }
  }

  /** A page is loaded anew: it knows nothing of before. */
  reload(name) {
    Object.assign(this[name], verification(name === "clinician"));
  }

  /** Lets pass what both say, until they say no more, or as long as it is wanted. */
  async pass(wanted = () => true) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [side, beyond] of [
        [this.clinician, this.patient],
        [this.patient, this.clinician],
      ]) {
        for (const message of side.link.said.splice(0)) {
          moved = true;
          if (!wanted(message)) return;
          beyond.link.pipes.words.hear(message);
          await settled();
        }
      }
    }
  }

  get states() {
    return [this.clinician.verifies.view.state, this.patient.verifies.view.state];
  }
}

/** A browser's store that takes its time, though not too long, and keeps nothing: meanwhile anything may happen. */
export function slowStorage() {
  mock.timers.enable({ apis: ["setTimeout"] });
  const shelf = { get: () => ({}), put: () => ({}), delete: () => ({}) };
  const transaction = () => {
    const under = { objectStore: () => shelf };
    void settled().then(() => under.oncomplete());
    return under;
  };
  const open = () => {
    const asked = { result: { transaction, close() {} } };
    queueMicrotask(() => asked.onsuccess());
    return asked;
  };
  Object.defineProperty(globalThis, "indexedDB", { configurable: true, value: { open } });
}
