"""Milliseconds in which a real Chromium checks one entry of a patient's page with the page's own module.

One check: the commitment, a path of 20 hashes in a tree of 1,048,576 leaves, the log's signature and one
witness's cosignature. The figure is the median of 400 single checks; a page of 200 is printed beside it.
Floor: 22 SHA-256 digests and two Ed25519 verifications by WebCrypto, one after the other, and nothing else.
"""

import hashlib
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ground.browsers import launch_chromium
from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.cosignatures import Cosigner
from teleward.audit.formats.notes import Note, Signer
from teleward.audit.queries.chains import NOTHING_BEFORE, leaf_of
from teleward.audit.tree import node_hash

HEIGHT, ENTRIES, CHECKS = 20, 200, 400
MODULES = Path(__file__).parent.parent / "teleward" / "trust" / "static" / "trust" / "seal"
CHECKED = """async ({ proofs, checks }) => {
  const { verify } = await import("/verify.js");
  const one = (at) => ({ ...proofs, entries: [proofs.entries[at % proofs.entries.length]], newest: false });
  const times = [];
  for (let at = 0; at < checks; at += 1) {
    const begun = performance.now();
    const { sealed, witnesses } = await verify(one(at), null);
    times.push(performance.now() - begun);
    if (sealed.length !== 1 || witnesses.length !== 1) throw new Error("not sealed");
  }
  const begun = performance.now();
  const whole = await verify(proofs, null);
  if (whole.sealed.length !== proofs.entries.length) throw new Error("not sealed");
  return { times, page: performance.now() - begun };
}"""
FLOOR = """async (checks) => {
  const keys = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const text = new Uint8Array(200);
  const signed = await crypto.subtle.sign("Ed25519", keys.privateKey, text);
  const times = [];
  for (let at = 0; at < checks; at += 1) {
    const begun = performance.now();
    for (let step = 0; step < 22; step += 1) await crypto.subtle.digest("SHA-256", new Uint8Array(65));
    for (let step = 0; step < 2; step += 1)
      await crypto.subtle.verify("Ed25519", keys.publicKey, signed, text);
    times.push(performance.now() - begun);
  }
  return times;
}"""


def measure() -> list[Figure]:
    proofs = _proofs()
    with _served() as address, sync_playwright() as playwright:
        browser = launch_chromium(playwright, windows=True)
        page = browser.new_page()
        page.goto(f"{address}/empty.html")
        version = browser.version
        checked: dict[str, Any] = page.evaluate(CHECKED, {"proofs": proofs, "checks": CHECKS})
        floor = _median(_floor(page))
        browser.close()
    print(f"Chromium {version}: a page of {ENTRIES} entries in {checked['page']:.0f} ms")
    value = _median(checked["times"])
    return [Figure(name="browser-verify-ms", value=value, unit="ms", floor=floor, goal="<=5")]


def _floor(page: Page) -> list[float]:
    times: list[float] = page.evaluate(FLOOR, CHECKS)
    return times


def _median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


@contextmanager
def _served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(MODULES)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/empty.html":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        return None

    def log_message(self, *_given: object) -> None:
        return


def _proofs() -> dict[str, Any]:
    """A patient with 200 entries, spread over a tree of a million leaves, newest first."""
    entries, spread = _chain(), (1 << HEIGHT) // ENTRIES
    level = [hashlib.sha256(number.to_bytes(8, "big")).digest() for number in range(1 << HEIGHT)]
    for entry in entries:
        level[(entry["number"] - 1) * spread] = entry["raw"]
    for entry in entries:
        entry |= {"index": (entry["number"] - 1) * spread, "path": []}
    for height in range(HEIGHT):
        for entry in entries:
            entry["path"].append(_text(level[(entry["index"] >> height) ^ 1]))
        level = [node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=True)]
    key = Ed25519PrivateKey.generate()
    signer, witness = Signer("bench.test/ledger", key), Cosigner("witness.test", Ed25519PrivateKey.generate())
    text = Checkpoint(signer.name, 1 << HEIGHT, level[0]).text
    note = Note.parse(signer.sign(text)).with_signatures([witness.cosign(text=text, at=1_795_000_000)])
    told = [{name: value for name, value in entry.items() if name != "raw"} for entry in reversed(entries)]
    return {"checkpoint": str(note), "key": signer.vkey, "witnesses": [witness.vkey], "consistency": [],
            "entries": told, "newest": True}  # fmt: skip


def _chain() -> list[dict[str, Any]]:
    before, entries = NOTHING_BEFORE, []
    for number in range(1, ENTRIES + 1):
        body = json.dumps({"action": "access:patient:read", "number": number, "filler": "x" * 600})
        salt = hashlib.sha256(f"salt {number}".encode()).digest()[:16]
        leaf = leaf_of(salt=salt, number=number, prev_leaf=before, body=body)
        entries.append({"number": number, "prev": _text(before), "leaf": _text(leaf), "salt": _text(salt),
                        "body": body, "raw": leaf})  # fmt: skip
        before = leaf
    return entries


def _text(value: bytes) -> str:
    return b64encode(value).decode()
