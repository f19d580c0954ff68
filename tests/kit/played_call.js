// A call that a test plays: it remembers what the page asked for and becomes whatever the test says.

const VERIFIED = {
  state: "none",
  words: null,
  run: 0,
  since: null,
  theirs: null,
  because: null,
  evidence: null,
  form: "words",
};

export class Call extends EventTarget {
  state = { phase: "connecting", seat: null, role: null, peers: new Map() };
  asked = [];

  constructor(options) {
    super();
    this.options = options;
    window.call = this;
  }

  become(change) {
    this.state = { ...this.state, ...change };
    this.tell("state", {});
  }

  meet(id, peer) {
    const old = this.state.peers.get(id) ?? { link: "new", path: null, media: null, verification: VERIFIED };
    const verification = { ...old.verification, ...peer.verification };
    this.state.peers.set(id, { ...old, ...peer, verification });
    this.tell("state", {});
  }

  tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, cancelable: true }));
  }

  async iceServers() {
    return [];
  }
}

const ASKED =
  "open leave arrive admit turnAway setTrack setMode say send answerFile askForPhoto answerPhoto tick startWords";
for (const name of ASKED.split(" ")) {
  Call.prototype[name] = async function (...details) {
    this.asked.push([name, ...details]);
    if (name === "leave") this.state = { ...this.state, phase: "over" };
  };
}
