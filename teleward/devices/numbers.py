"""The numbers of readings that were taken from one pairing: each once, in a bounded number of pieces. Pure.

Written as PostgreSQL writes an int8multirange. Gaps are numbers that never came; when there are too many, the
oldest are closed, and what comes with such a number later is refused.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PIECES = 200
REACH = 1_000_000  # beyond the highest number so far


@dataclass(frozen=True)
class Numbers:
    """Pieces from a first number up to before a last one, in their order, apart from each other."""

    pieces: tuple[tuple[int, int], ...] = ()

    def __contains__(self, number: int) -> bool:
        if not self.pieces or number >= self.pieces[-1][1]:
            return False
        place = bisect_right(self.pieces, number, key=lambda piece: piece[0])
        return place > 0 and number < self.pieces[place - 1][1]

    def __str__(self) -> str:
        return "{" + ",".join(f"[{first},{end})" for first, end in self.pieces) + "}"

    @property
    def reach(self) -> int:
        """The highest number that may come next."""
        return (self.pieces[-1][1] if self.pieces else 0) + REACH

    def with_(self, numbers: Iterable[int]) -> "Numbers":
        """These and those, with the oldest gaps closed where there are too many."""
        pieces = _joined(sorted((*self.pieces, *_runs(sorted(set(numbers))))))
        spare = max(0, len(pieces) - MOST_PIECES)
        if spare:
            pieces[: spare + 1] = [(pieces[0][0], pieces[spare][1])]
        return Numbers(tuple(pieces))


def numbers_of(text: str) -> Numbers:
    """What PostgreSQL wrote, such as {[1,5),[7,8)}."""
    if text == "{}":
        return Numbers()
    pieces = text[2:-2].split("),[")
    return Numbers(tuple((int(first), int(end)) for first, end in (piece.split(",") for piece in pieces)))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    if not numbers:
        return []
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return [(numbers[0], numbers[-1] + 1)]
    return _joined([(number, number + 1) for number in numbers])


def _joined(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, end in pieces:
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((first, end))
    return joined
