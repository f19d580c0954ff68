// What must reach the server although a socket dies under it.

import assert from "node:assert/strict";
import test from "node:test";
import { Signal } from "../../../teleward/consult/static/consult/call/signal.js";

/** @type {Socket[]} */ const sockets = [];

class Socket extends EventTarget {
  sent = [];

  constructor() {
    super();
    sockets.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {}

  /** The server takes it. */
  greet() {
    this.dispatchEvent(new Event("open"));
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify({ type: "welcome" }) }));
  }

  die() {
    this.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  }

  get said() {
    return this.sent.filter(({ type }) => type === "words").map(({ outcome }) => outcome);
  }
}
globalThis.WebSocket = /** @type {any} */ (Socket);

test("what people said of the words is said again over the next socket: the last one may have died with it", (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const signal = new Signal({ url: "", peer: "p", receive() {}, lost() {}, refused() {}, note() {} });
  t.after(() => signal.close());
  signal.open();
  sockets[0].greet();
  signal.send({ type: "words", outcome: "same" });
  sockets[0].die();
  signal.send({ type: "words", outcome: "different" });
  sockets[1].greet();
  assert.deepEqual([sockets[0].said, sockets[1].said], [["same"], ["same", "different"]]);
});
