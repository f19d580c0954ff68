"""How often a program may ask: a bucket for each, in this process, that fills with time."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

REMEMBERED = 10_000  # buckets, the oldest go first
BURST = timedelta(seconds=10)  # of the rate may come at once


@dataclass
class _Bucket:
    left: float
    at: datetime


class Rates:
    """Buckets by name. One process keeps its own; several let through as many times the rate."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, name: str, *, per_minute: int, at: datetime) -> timedelta:
        """Takes one, and says how long to wait where there is none."""
        each = 60 / per_minute  # seconds
        most = max(1.0, BURST.total_seconds() / each)
        bucket = self._bucket(name, most, at)
        bucket.left = min(most, bucket.left + max(0.0, (at - bucket.at).total_seconds()) / each)
        bucket.at = at
        if bucket.left < 1:
            return timedelta(seconds=(1 - bucket.left) * each)
        bucket.left -= 1
        return timedelta()

    def owe(self, name: str, number: int) -> None:
        """Takes as many more, also where there are not as many: the next has to wait until they are paid."""
        bucket = self._buckets.get(name)
        if bucket is not None:
            bucket.left -= number

    def _bucket(self, name: str, most: float, at: datetime) -> _Bucket:
        bucket = self._buckets.setdefault(name, _Bucket(most, at))
        self._buckets.move_to_end(name)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket
