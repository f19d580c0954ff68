"""Proofs of inclusion as a text of their own (C2SP tlog-proof): checkable without asking anybody.

c2sp.org/tlog-proof@v1
extra base64                              (optional, vouched for by nobody)
index 42
base64 of each hash, from the leaf's neighbour up
(empty)
the signed checkpoint as it was issued
"""

from collections.abc import Sequence
from dataclasses import dataclass

from teleward.audit.formats.encodings import Malformed, from_base64, to_base64, to_hash, to_number

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


@dataclass(frozen=True)
class TlogProof:
    """`index` from 0, the `path` of 32-byte hashes, and the signed checkpoint as text."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {to_base64(self.extra)}"] if self.extra else []
        hashes = [to_base64(one) for one in self.path]
        return "\n".join([FIRST_LINE, *extra, f"index {self.index}", *hashes, "", self.checkpoint])

    @classmethod
    def parse(cls, whole: str) -> "TlogProof":
        """From its text; neither path nor checkpoint is verified. Raises Malformed."""
        above, empty, checkpoint = whole.partition("\n\n")
        first, *lines = above.split("\n")
        if first != FIRST_LINE or not empty or not checkpoint:
            raise Malformed("not a proof: it begins otherwise, or has no checkpoint")
        extra, lines = _extra(lines)
        return cls(_index(lines), hashes(lines[1:]), checkpoint, extra)


def hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """A hash from each line, at most 63. Raises Malformed."""
    if len(lines) > MOST_HASHES:
        raise Malformed("more hashes than any tree has levels")
    return tuple(to_hash(line) for line in lines)


def _extra(lines: list[str]) -> tuple[bytes, list[str]]:
    if lines and lines[0].startswith("extra "):
        return from_base64(lines[0].removeprefix("extra ")), lines[1:]
    return b"", lines


def _index(lines: list[str]) -> int:
    if not lines or not lines[0].startswith("index "):
        raise Malformed("a proof without an index")
    return to_number(lines[0].removeprefix("index "))
