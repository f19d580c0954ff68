"""Passwords that are known to have been stolen somewhere: a list of the operator's, as a Bloom filter."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from teleward.access.signin.bloom import BloomFilter
from teleward.access.signin.text import normalised

FILE = "blocklist.bloom"
LONGEST_LINE = 4096  # bytes; what is longer is nobody's password
HASHED = re.compile(rb"([0-9A-Fa-f]{40})(?::(\d+))?")


def place() -> Path:
    """Where the list of this installation lies."""
    return Path(settings.HOME) / FILE


def is_known(password: str) -> bool:
    """Whether the password stands on the list; False while there is no list."""
    found = _current()
    return found is not None and any(digest in found for digest in _spellings(password))


def is_there() -> bool:
    """Whether there is a list at all."""
    return _current() is not None


def digests_in(lines: Iterable[bytes], *, seen_at_least: int = 1) -> Iterator[bytes]:
    """The SHA-1 of each password in a corpus: one password, or one `HASH` or `HASH:count`, on each line.

    Lines seen less often than `seen_at_least` are left out where the corpus counts.
    """
    for line in lines:
        text = line.rstrip(b"\r\n")
        if not text or len(text) > LONGEST_LINE:
            continue
        hashed = HASHED.fullmatch(text)
        if hashed is None:
            yield _sha1(normalised(text.decode("utf-8", "replace")).encode())
        elif int(hashed[2] or seen_at_least) >= seen_at_least:
            yield bytes.fromhex(hashed[1].decode())


def _spellings(password: str) -> set[bytes]:
    return {_sha1(form.encode()) for form in (password, normalised(password))}


def _sha1(text: bytes) -> bytes:
    return hashlib.sha1(text, usedforsecurity=False).digest()  # the form in which such lists are published


def _current() -> BloomFilter | None:
    try:
        found = place().stat()
    except FileNotFoundError:
        return None
    return _opened(place(), found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=1)
def _opened(path: Path, _inode: int, _changed: int) -> BloomFilter:
    return BloomFilter(path)
