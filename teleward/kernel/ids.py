"""Identifiers and secrets: what names a thing, and what opens one."""

import hashlib
import re
import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562 §5.7): unique, and sorted by the millisecond it was made in."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def request_id_of(given: str) -> str:
    """The X-Request-Id that was given, where it is one (8 to 64 plain characters); else a new one."""
    return given if REQUEST_ID.fullmatch(given) else str(new_id())


def new_token() -> str:
    """A bearer secret of 256 bits, safe in a URL. Shown once; only its hash is stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """The 32-byte SHA-256 under which a token made by `new_token` is stored.

    No salt and no slow hash: 256 random bits cannot be guessed from their hash.
    """
    return hashlib.sha256(token.encode()).digest()
