"""Asking as this gateway: each request signed, the key changed each month without a moment between two keys.

The new key is on disk before the server hears of it; the old one goes only after the server took the new one.
Whoever is cut off between the two still has both, and tries both.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from joserfc.jwk import ECKey

from teleward.command.gateway.folder import Folder, Pairing, settle
from teleward.command.gateway.keys import ROTATED, Proof, make_key, public, read_key, sign
from teleward.command.gateway.server import Answer, Server

FINE = 200
NOT_US, USED, GONE = "devices:credential", "devices:key-unusable", "kernel:key-destroyed"
FINAL = frozenset({"unknown", "signature", "audience", "erased"})  # no later try can be better
AGAIN = 300.0  # seconds until a change of the key that failed is tried again


class Ended(Exception):
    """The server takes nothing more from us. `reason`: its word for why (docs/reference/readings-api.md)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass
class Credentials:
    """The pairing's keys."""

    folder: Folder
    pairing: Pairing
    server: Server
    tried: float = field(default=float("-inf"))

    def ask(self, path: str, body: object) -> Answer:
        """With the key; if it is unknown, with the server's time, then the next. Raises Silent, Ended."""
        answer = self._asked(self.folder.key, path, body)
        if _reason(answer):  # which also told the server's time
            answer = self._asked(self.folder.key, path, body)
        if _reason(answer) and self.folder.next_key.exists():
            answer = self._asked(self.folder.next_key, path, body)
            if _proves(answer):
                self._change()
        if (reason := _reason(answer)) in FINAL:
            raise Ended(reason)
        return answer

    def renew(self) -> None:
        """Change the key where it is a month old, or where a change was begun. Raises Silent, Ended."""
        if not self._is_due() or time.monotonic() - self.tried < AGAIN:
            return
        self.tried = time.monotonic()
        following = self._following()
        if self.ask("/devices/key", {"public_key": public(following)}).status == FINE:
            self._change()

    def _asked(self, signed_by: Path, path: str, body: object) -> Answer:
        proof = Proof(pairing=self.pairing.pairing, origin=self.server.origin)
        return self.server.post(path, body, token=sign(read_key(signed_by), proof, self.server.now()))

    def _is_due(self) -> bool:
        age = time.time() - self.pairing.key_since
        return self.folder.next_key.exists() or age > ROTATED.total_seconds()

    def _following(self) -> ECKey:
        path = self.folder.next_key
        return read_key(path) if path.exists() else make_key(path)

    def _change(self) -> None:
        """The server has the next key: it is the key. Its date first, or a cut would leave an old one."""
        if self.folder.next_key.exists():
            self.pairing = msgspec.structs.replace(self.pairing, key_since=time.time())
            self.folder.write_pairing(self.pairing)
            self.folder.next_key.rename(self.folder.key)
            settle(self.folder.path)


def _reason(answer: Answer) -> str:
    """Why the server itself, and nothing on the way to it, does not take a key; empty where it does."""
    said = answer.says()
    if said.get("code") == GONE:
        return "erased"
    return str(said.get("reason") or "unknown") if said.get("code") == NOT_US else ""


def _proves(answer: Answer) -> bool:
    """Whether the server knew the key: one that is busy says so before it looks."""
    return answer.status == FINE or answer.says().get("code") == USED
