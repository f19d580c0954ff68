"""A Bloom filter in a file: whether something was put in, with a known share of false yeses and no false no.

B. H. Bloom, Communications of the ACM 13(7), 1970; two hashes in place of many after Kirsch and Mitzenmacher,
ESA 2006. Layout: 64 bytes of header, then the bits, the lowest of each byte first.
"""

import mmap
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, log
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Self

MAGIC = b"teleward-bloom-1"
HEADER = struct.Struct("<16sQQQd16x")  # magic, bits, probes, entries, share of false yeses


class NotABloomFilter(Exception):
    """The file is something else, or was cut off."""


class TooMany(Exception):
    """More entries than the filter was made for: its share of false yeses would no longer hold."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How large a filter is. `probes`: bits set for each entry."""

    bits: int
    probes: int

    @classmethod
    def of(cls, *, entries: int, false_positives: float) -> "Shape":
        """The smallest filter for so many entries at this share of false yeses."""
        bits = max(64, ceil(-max(1, entries) * log(false_positives) / log(2) ** 2))
        return cls(bits=bits, probes=max(1, round(bits / max(1, entries) * log(2))))

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return HEADER.size + -(-self.bits // 8)

    def places(self, digest: bytes) -> Iterator[int]:
        """Which bits stand for an evenly distributed digest of at least 16 bytes."""
        place, step = int.from_bytes(digest[:8]), int.from_bytes(digest[8:16]) | 1
        for _ in range(self.probes):
            yield place % self.bits
            place += step


class BloomFilter:
    """A filter that was built before, read in place."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._map) < HEADER.size or self._map[: len(MAGIC)] != MAGIC:
            raise NotABloomFilter(path.name)
        _magic, bits, probes, self.entries, self.false_positives = HEADER.unpack_from(self._map)
        self.shape = Shape(bits=bits, probes=probes)
        if len(self._map) != self.shape.size:
            raise NotABloomFilter(path.name)

    def __contains__(self, digest: bytes) -> bool:
        bits, head = self._map, HEADER.size
        return all(bits[head + (place >> 3)] >> (place & 7) & 1 for place in self.shape.places(digest))


def build(path: Path, digests: Iterable[bytes], *, entries: int, false_positives: float) -> int:
    """Writes a filter for at most `entries` digests in place of what was at `path`. Returns how many came.

    Nobody reads half a file: it takes its name only when it is whole and on disk. The bits lie in the file,
    so memory does not grow with them. Raises TooMany; then the file before stays.
    """
    shape = Shape.of(entries=entries, false_positives=false_positives)
    with _Building(path, shape) as building:
        came = building.fill(digests, entries)
        HEADER.pack_into(building.map, 0, MAGIC, shape.bits, shape.probes, came, false_positives)
        building.finish()
    return came


class _Building:
    """A file under another name until it is whole."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self.path, self.shape = path, shape
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            self.draft = Path(file.name)
            file.truncate(shape.size)
            file.flush()
            self.map = mmap.mmap(file.fileno(), shape.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.map.close()
        self.draft.unlink(missing_ok=True)

    def fill(self, digests: Iterable[bytes], most: int) -> int:
        bits, head, places, came = self.map, HEADER.size, self.shape.places, 0
        for came, digest in enumerate(digests, start=1):
            if came > most:
                raise TooMany(str(most))
            for place in places(digest):
                bits[head + (place >> 3)] |= 1 << (place & 7)
        return came

    def finish(self) -> None:
        self.map.flush()
        self.draft.chmod(0o640)
        self.draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
