/**
 * Everybody in the room: up to three others, each over a connection of their own.
 *
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {import('./types.js').Person} Person
 * @typedef {import('./types.js').Surroundings} Surroundings
 */

import { Peer } from "./peer.js";
import { configuration } from "./sdp.js";

const OTHERS = 3;

export class Mesh {
  /** @type {Map<string, Peer>} */ peers = new Map();
  /** @type {Map<Kind, MediaStreamTrack|null>} */ tracks = new Map();
  /** @type {RTCPeerConnection|null} */ #spare = null;
  /** @type {RTCIceServer[]} */ #servers = [];
  #lastId = 0;

  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
  }

  /** Gathers addresses before anybody is there, so that joining need not wait for them. @param {RTCIceServer[]} servers */
  prepare(servers) {
    this.#servers = servers;
    this.#spare ??= this.peers.size ? null : this.#connection();
  }

  /**
   * @param {Person & {media?: import('./types.js').Media|null}} person @param {number} seat mine
   * @param {boolean} ask whether I came back and have to ask the leader for an offer
   */
  meet(person, seat, ask) {
    const known = this.peers.get(person.peer);
    const leads = seat < person.seat;
    if (known?.parts.leader === leads) return this.#again(known);
    if (known) this.drop(person.peer);
    if (this.peers.size >= OTHERS) return;
    const peer = this.#peer(person, leads);
    peer.media = person.media ?? null;
    this.peers.set(person.peer, peer);
    if (leads || ask) peer.negotiation.begin();
  }

  /**
   * The server says this person went. If they were only lost to it, media that still flow are believed instead.
   * @param {string} id @param {string} [why] left, lost, removed or replaced
   */
  part(id, why = "lost") {
    const peer = this.peers.get(id);
    if (!peer) return;
    peer.leaving = true;
    if (why !== "lost" || peer.state !== "connected") this.drop(id);
  }

  /** @param {string} id */
  drop(id) {
    this.peers.get(id)?.close();
    this.peers.delete(id);
    this.around.changed();
  }

  /** The socket is back: who is gone and silent is dropped, what does not flow is repaired. @param {Set<string>} seated */
  socketBack(seated) {
    for (const [id, peer] of this.peers) {
      if (!seated.has(id)) this.part(id);
      else if (peer.state !== "connected") peer.negotiation.repair();
    }
  }

  /** @param {string} from @param {Body} body */
  async receive(from, body) {
    if (body.kind === "bye") return this.drop(from);
    await this.peers.get(from)?.negotiation.receive(body);
  }

  /** @param {import('./types.js').Message} message */
  heardMedia({ from, mode, microphone, camera, screen }) {
    const peer = this.peers.get(from);
    if (peer) peer.media = { mode, microphone, camera, screen };
  }

  /** @param {Kind} kind @param {MediaStreamTrack|null} track */
  async setTrack(kind, track) {
    this.tracks.set(kind, track);
    await Promise.all([...this.peers.values()].map(({ link }) => link?.setTrack(kind, track)));
  }

  close() {
    for (const [id, peer] of this.peers) {
      this.#relay(id, { kind: "bye" });
      peer.close();
    }
    this.#spare?.close();
    this.peers.clear();
  }

  /** @param {Peer} peer */
  #again(peer) {
    peer.leaving = false;
    if (peer.state === "stalled") peer.negotiation.repair();
  }

  /** @param {Person} person @param {boolean} leader */
  #peer(person, leader) {
    return new Peer({
      person,
      leader,
      around: this.around,
      tracks: this.tracks,
      connection: () => this.#connection(),
      relay: (body) => this.#relay(person.peer, body),
      gone: () => this.drop(person.peer),
    });
  }

  #connection() {
    const spare = this.#spare;
    this.#spare = null;
    if (spare) return spare;
    return new RTCPeerConnection(configuration(this.#servers, this.around.certificate, this.around.relayOnly));
  }

  /** @param {string} to @param {object} body */
  #relay(to, body) {
    this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000); // rises also over a reload
    this.around.send({ type: "relay", to, id: this.#lastId, body: { instance: this.around.instance, ...body } });
  }
}
