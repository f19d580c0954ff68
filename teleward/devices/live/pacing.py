"""How often a network may be refused: wrong words and wrong codes are counted, right ones never.

Behind one address many gateways may send. One that proved from there who it is goes on while others are
refused there; who only guesses or floods waits before the database or a key is asked.
"""

from collections import OrderedDict
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from teleward.access.queries.tokens import Rates
from teleward.kernel.clock import now
from teleward.kernel.networks import network_of

from .messages import TooOften

REMEMBERED: Final = 10_000  # of each, the oldest go first
K = TypeVar("K")
V = TypeVar("V")


class Refusals:
    """What was refused of late, by network; kept in this process."""

    def __init__(self, *, per_minute: int) -> None:
        self._per_minute = per_minute
        self._rates = Rates()
        self._waiting: OrderedDict[str, datetime] = OrderedDict()  # until when
        self._proven: OrderedDict[tuple[str, UUID], None] = OrderedDict()

    def must_not_wait(self, address: str, pairing: UUID | None = None) -> None:
        """Raises TooOften where too much was refused to this network, unless this gateway is known there."""
        network = network_of(address)
        wait = (self._waiting.get(network, now()) - now()).total_seconds()
        if wait > 0 and (pairing is None or (network, pairing) not in self._proven):
            raise TooOften(max(1, round(wait)))

    def refused(self, address: str, pairing: UUID | None = None) -> None:
        """Counts one. A gateway that is refused is known no more."""
        network = network_of(address)
        if pairing is not None:
            self._proven.pop((network, pairing), None)
        wait = self._rates.wait(network, per_minute=self._per_minute, at=now())
        if wait:
            _remember(self._waiting, network, now() + wait)

    def proved(self, address: str, pairing: UUID | None) -> None:
        """This gateway is known in this network."""
        if pairing is not None:
            _remember(self._proven, (network_of(address), pairing), None)


def _remember(known: OrderedDict[K, V], name: K, value: V) -> None:
    known[name] = value
    known.move_to_end(name)
    if len(known) > REMEMBERED:
        known.popitem(last=False)
