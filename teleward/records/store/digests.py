"""What may be searched for but not read: keyed hashes, with a key of each practice."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from teleward.kernel.envelope import hashing_key

LONGEST = 24  # characters of a word that are told apart when its beginning is searched for
WORDS = re.compile(r"[^\W_]+")
DIALLED = re.compile(r"[^\d+]")


class Digests:
    """The keyed hashes of one practice, 64 bits each."""

    def __init__(self, practice: UUID) -> None:
        self._key = hashing_key(context=f"records {practice}")

    def of(self, *parts: str) -> int:
        """The hash of these words in this order."""
        words = "\0".join(parts).encode()
        return int.from_bytes(blake2b(words, key=self._key, digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=64)
def digests_of(practice: UUID) -> Digests:
    """The hashes of this practice."""
    return Digests(practice)


def plain(text: str) -> str:
    """Without case, accents and what stands between words, as people write names."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(WORDS.findall(bare))


def beginnings(text: str) -> Iterator[str]:
    """Every beginning of the text and of its words."""
    whole = plain(text)
    for start in {whole, *whole.split(" ")}:
        for length in range(1, min(len(start), LONGEST) + 1):
            yield start[:length]


def coded(param: str, code: str) -> str:
    """A code or identifier as it is compared: without case; a telephone number by its digits."""
    code = code.strip()
    if param in {"phone", "telecom"} and "@" not in code:
        return DIALLED.sub("", code)
    return code.casefold()
