// Two pages of one call, joined by pipes that can be cut and replaced; and the clinic's kinds as a page gets them.

export const VISIT = "0192f000-0000-7000-8000-000000000001";
export const SHARING = "0192f000-0000-7000-8000-00000000000a";
export const PAIRING = "0192f000-0000-7000-8000-00000000000b";
export const KINDS = {
  "heart-rate": kind("heart-rate", { code: "8867-4", unit: "/min", lowest: "20", highest: "300" }),
  "blood-pressure": kind("blood-pressure", { code: "8480-6", unit: "mm[Hg]", lowest: "40", highest: "300" }),
  ecg: kind("ecg", { code: "8867-4", unit: "/min", lowest: "20", highest: "300" }),
};

function kind(name, quantity) {
  return { name, stale_after: 10, quantities: [quantity] };
}

/** @param {number} number @param {object} [more] */
export function reading(number, more = {}) {
  return {
    id: `0192f000-0000-7000-9000-${String(number).padStart(12, "0")}`,
    kind: "heart-rate",
    sequence: number,
    source: "device",
    measured_at: null,
    received_at: "2026-11-22T10:00:00.000Z",
    values: [{ code: "8867-4", value: "72", unit: "/min" }],
    device: { maker: "Example" },
    user: null,
    flags: [],
    waveform: null,
    ...more,
  };
}

/** @param {number} sequence @param {{leads?: number, samples?: number, hertz?: number}} [how] */
export function frame(sequence, { leads = 3, samples = 10, hertz = 250 } = {}) {
  const view = new DataView(new ArrayBuffer(16 + 2 * leads * samples));
  view.setUint32(0, sequence, true);
  view.setFloat64(4, 1_790_000_000_000, true);
  view.setUint8(12, leads);
  view.setUint8(13, samples);
  view.setUint16(14, hertz, true);
  return view;
}

/** One side of a call as far as measurements see it. */
class Side extends EventTarget {
  peers = new Map();
  /** @type {object|null} */ #pipes = null;

  pipes = (peer) => (this.peers.has(peer) ? this.#pipes : null);

  get state() {
    return { peers: this.peers };
  }

  /** @param {object} pipes */
  take(pipes) {
    this.#pipes = pipes;
    this.dispatchEvent(new Event("pipes"));
  }
}

/** One end: holds what comes until somebody reads, as the call does. */
class End {
  open = true;
  opened = Promise.resolve();
  /** @type {string[]} everything that was put on the wire here */ sent = [];
  #held = [];
  #read = null;
  channel = { bufferedAmount: 0, send: (data) => this.put(data) };

  put(data) {
    if (!this.open) return false;
    const copy = typeof data === "string" ? data : Uint8Array.from(data).buffer;
    this.sent.push(copy);
    queueMicrotask(() => this.open && this.other.come(copy));
    return true;
  }

  come(data) {
    this.#read ? this.#read(data) : this.#held.push(data);
  }

  attach(read) {
    this.#read = read;
    for (const data of this.#held.splice(0)) read(data);
  }

  tell = (message) => this.put(JSON.stringify(message));
}

const joined = () => {
  const [one, other] = [new End(), new End()];
  [one.other, other.other] = [other, one];
  return [one, other];
};

/** A patient and whoever the other is. @param {string} [role] of the other */
export function pair(role = "host") {
  const [patient, other] = [new Side(), new Side()];
  const verification = { state: "verified" };
  patient.peers.set("them", { role, name: "Dr. Haddad", verification });
  other.peers.set("them", { role: "patient", name: "Jonas Weber", verification });
  const ends = () => {
    const [readings, theirReadings] = joined();
    const [waves, theirWaves] = joined();
    patient.take({ readings, waves });
    other.take({ readings: theirReadings, waves: theirWaves });
    return { readings, waves, theirReadings, theirWaves };
  };
  const cut = (pipes) => {
    for (const end of Object.values(pipes)) end.open = false;
  };
  return { patient, other, ends, cut };
}

/** Until all that can happen without a clock has happened. */
export async function settled() {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}

const TYPES = "sharing state reading kept missing stop wave dropped refused delivered lost".split(" ");

/** What a channel said. @param {EventTarget} channel */
export function heard(channel) {
  const all = [];
  for (const type of TYPES) {
    channel.addEventListener(type, ({ detail }) => all.push({ type, ...detail }));
  }
  return (type) => all.filter((one) => one.type === type);
}
