"""TURN credentials that expire (the "REST" scheme of coturn): nothing personal, never the same name twice."""

import hashlib
import hmac
from base64 import b64encode
from datetime import datetime
from secrets import token_hex
from typing import Final

from django.conf import settings

from .answers import IceServers, Server

SECONDS: Final = 600


def ice_servers(*, at: datetime) -> IceServers:
    """The servers a peer may use from `at` on, good for `SECONDS`; empty when no relay is configured."""
    turn = tuple(url for url in settings.TURN_URLS if url.startswith(("turn:", "turns:")))
    stun = tuple(
        dict.fromkeys([*_stun_of(turn), *(url for url in settings.TURN_URLS if url.startswith("stun:"))])
    )
    servers = [Server(urls=stun)] if stun else []
    if turn and settings.TURN_SECRET:
        name = f"{int(at.timestamp()) + SECONDS}:{token_hex(8)}"
        servers.append(Server(urls=turn, username=name, credential=credential(name, settings.TURN_SECRET)))
    return IceServers(servers=tuple(servers), ttl=SECONDS)


def credential(name: str, secret: str) -> str:
    """The password that goes with a TURN user name: HMAC-SHA1 under the secret shared with the relay."""
    return b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()).decode()


def _stun_of(turn: tuple[str, ...]) -> list[str]:
    """A TURN server on UDP answers STUN on the same port."""
    return [
        "stun:" + url.removeprefix("turn:").partition("?")[0]
        for url in turn
        if url.startswith("turn:") and "transport=tcp" not in url
    ]
