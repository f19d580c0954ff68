"""Asking as this gateway: each request signed, the key changed each month without a moment between two keys.

The new key is on disk before the server hears of it; the old one goes only after the server took the new one.
Whoever is cut off between the two still has both, and tries both.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
from joserfc.jwk import ECKey

from teleward.command.gateway.folder import Folder, Pairing, settle
from teleward.command.gateway.keys import ROTATED, Proof, make_key, public, read_key, sign
from teleward.command.gateway.server import Answer, Server

UNKNOWN, ERASED, FINE = 401, 410, 200
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
        reason = ""
        for key, is_next in self._keys():
            answer = self._asked(key, path, body)
            if answer.status == ERASED:
                raise Ended("erased")
            if answer.status != UNKNOWN:
                if is_next:
                    self._change()
                return answer
            reason = str(answer.says().get("reason", ""))
        raise Ended(reason)

    def renew(self) -> None:
        """Change the key where it is a month old, or where a change was begun. Raises Silent, Ended."""
        if not self._is_due() or time.monotonic() - self.tried < AGAIN:
            return
        self.tried = time.monotonic()
        following = self._following()
        if self.ask("/devices/key", {"public_key": public(following)}).status == FINE:
            self._change()

    def _keys(self) -> Iterator[tuple[ECKey, bool]]:
        """The second time the server's first answer has told its time."""
        key = read_key(self.folder.key)
        yield key, False
        yield key, False
        if self.folder.next_key.exists():
            yield read_key(self.folder.next_key), True

    def _asked(self, key: ECKey, path: str, body: object) -> Answer:
        proof = Proof(pairing=self.pairing.pairing, origin=self.server.origin)
        return self.server.post(path, body, token=sign(key, proof, self.server.now()))

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
