"""How often a network may be refused: wrong proofs are counted, right ones never.

Behind one address many may ask. Who proved themselves go on while others are refused there; who only guesses
or floods waits.
"""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from teleward.access.smart.rates import Rates
from teleward.kernel.clock import now
from teleward.kernel.networks import network_of

WRONG_PER_MINUTE: Final = 120  # of one network, whatever is guessed at
REMEMBERED: Final = 10_000  # of each, the oldest go first
NONE: Final = timedelta()
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Refusals:
    """What was refused of late, by network; kept in this process. `about`: what counts by itself there."""

    def __init__(self, *, per_minute: int = WRONG_PER_MINUTE) -> None:
        self._per_minute = per_minute
        self._rates = Rates()
        self._waiting: OrderedDict[str, datetime] = OrderedDict()  # until when
        self._proven: OrderedDict[Hashable, None] = OrderedDict()

    def wait(self, address: str, name: Hashable = None, *, about: str = "") -> timedelta:
        """How long this network has to wait; not at all where this name proved itself."""
        if not self._waiting or (name is not None and name in self._proven):
            return NONE
        return max(NONE, self._waiting.get(_place(address, about), now()) - now())

    def refused(self, address: str, name: Hashable = None, *, about: str = "") -> timedelta:
        """Counts one, and says how long to wait where it was one too many. This name is known no more."""
        if name is not None:
            self._proven.pop(name, None)
        place = _place(address, about)
        wait = self._rates.wait(place, per_minute=self._per_minute, at=now())
        if wait:
            _remember(self._waiting, place, now() + wait)
        return wait

    def proved(self, name: Hashable) -> None:
        """This name is known."""
        _remember(self._proven, name, None)


def _place(address: str, about: str) -> str:
    return f"{network_of(address)} {about}"


def _remember(known: OrderedDict[K, V], name: K, value: V) -> None:
    known.pop(name, None)  # several threads come by: what another took away meanwhile is no fault
    known[name] = value
    if len(known) > REMEMBERED:
        known.popitem(last=False)
