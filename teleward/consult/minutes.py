"""How long people really talked, and in which mode: from measured stretches of time, each counted once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from teleward.consult.modes import ACHIEVED


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One side was in one mode from one instant to another."""

    host: bool
    mode: str
    start: datetime
    end: datetime


def used(stretches: Iterable[Stretch]) -> Mapping[str, timedelta]:
    """Time per mode during which the host and at least one guest were both in the room.

    Overlapping tabs count once; at each instant the best mode of any guest counts.
    """
    found = list(stretches)
    edges = sorted({edge for stretch in found for edge in (stretch.start, stretch.end)})
    total: dict[str, timedelta] = {}
    for start, end in pairwise(edges):
        mode = _mode_between(found, start, end)
        if mode:
            total[mode] = total.get(mode, timedelta()) + (end - start)
    return total


def whole_minutes(length: timedelta) -> int:
    """Minutes as people count them: rounded up once begun."""
    return -(-int(length.total_seconds()) // 60)


def _mode_between(stretches: list[Stretch], start: datetime, end: datetime) -> str | None:
    lasting = [stretch for stretch in stretches if stretch.start <= start and stretch.end >= end]
    hosts = {stretch.mode for stretch in lasting if stretch.host}
    guests = {stretch.mode for stretch in lasting if not stretch.host}
    heard = next((mode for mode in ACHIEVED if mode in guests), None) if hosts else None
    return heard or ("phone" if "phone" in hosts else None)
