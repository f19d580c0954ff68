"""How often a network may be refused: wrong words and wrong codes are counted, right ones never.

Behind one address many gateways may send. One that proved from there who it is goes on while others are
refused there; who only guesses or floods waits before the database or a key is asked.
"""

from uuid import UUID

from teleward.access.queries.tokens import Refusals
from teleward.kernel.networks import network_of

from .messages import TooOften


class Paced:
    """What was refused of late, by network; a gateway is known where it proved itself."""

    def __init__(self, *, per_minute: int) -> None:
        self._refusals = Refusals(per_minute=per_minute)

    def must_not_wait(self, address: str, pairing: UUID | None = None) -> None:
        """Raises TooOften where too much was refused to this network, unless this gateway is known there."""
        wait = self._refusals.wait(address, _there(address, pairing)).total_seconds()
        if wait > 0:
            raise TooOften(max(1, round(wait)))

    def refused(self, address: str, pairing: UUID | None = None) -> None:
        """Counts one. A gateway that is refused is known no more."""
        self._refusals.refused(address, _there(address, pairing))

    def proved(self, address: str, pairing: UUID | None) -> None:
        """This gateway is known in this network."""
        if pairing is not None:
            self._refusals.proved(_there(address, pairing))


def _there(address: str, pairing: UUID | None) -> tuple[str, UUID] | None:
    return None if pairing is None else (network_of(address), pairing)
