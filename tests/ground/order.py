"""In which order tests run: each worker begins with something long and ends with what is short.

xdist cuts the list into one piece per worker, and who has nothing left takes from the end of another's piece.
So the last that anybody does is short, and what waits much (a call) goes beside what works much (a law).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
LONG = {  # seconds of one worker on two cores; every test in such a folder counts as long
    "journeys/": 600,
    "laws/": 320,
    "ground/": 270,
    "kit/": 140,
    "engine/": 130,
    "rooms/web/test_in_the_browser.py": 65,
    "rooms/access/test_lists_agree_with_the_engine.py": 55,
    "blackbox/": 45,
    "rooms/audit/tampering/": 40,
}
LONGEST = (  # single tests that nobody should begin last
    "journeys/test_recovery.py",
    "journeys/test_no_server_secret.py",
    "ground/test_wheel.py",
    "ground/test_up.py",
    "laws/test_roles_meet_urls.py",
    "rooms/access/test_lists_agree_with_the_engine.py",
    "blackbox/",
)


def in_order(tests: Iterable[tuple[str, Item]], *, workers: int) -> list[Item]:
    """The tests, given with the paths of their files, as they should be handed to so many workers."""
    kept = sorted(tests, key=lambda test: _place(LONGEST, test[0]))
    mine = _hands(workers)
    short = iter([item for path, item in kept if _folder(path) is None])
    long = [[item for path, item in kept if _folder(path) in folders] for folders in mine]
    found: list[Item] = []
    for size, hand in zip(_sizes(len(kept), workers), long, strict=True):
        found += [*hand, *islice(short, max(0, size - len(hand)))]
    return [*found, *short]


def _hands(workers: int) -> list[list[str]]:
    """Which long folders each worker begins with: the longest goes to whoever has least."""
    hands: list[list[str]] = [[] for _ in range(workers)]
    for folder in sorted(LONG, key=lambda folder: -LONG[folder]):
        min(hands, key=lambda hand: sum(LONG[each] for each in hand)).append(folder)
    return hands


def _sizes(number: int, workers: int) -> Iterator[int]:
    """As xdist's worksteal cuts its list."""
    for left in range(workers, 0, -1):
        yield number // left
        number -= number // left


def _folder(path: str) -> str | None:
    return next((folder for folder in LONG if path.startswith(folder)), None)


def _place(of: Sequence[str], path: str) -> int:
    return next((place for place, begun in enumerate(of) if path.startswith(begun)), len(of))
