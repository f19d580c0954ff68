"""What the gateway asks of Bluetooth: find, connect, read, write, listen."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

REST = "-0000-1000-8000-00805f9b34fb"  # of a number that the Bluetooth SIG gave
Heard = Callable[[bytes], None]


class Unreachable(Exception):
    """The device is away, or does not answer as its service asks."""


class NoRadio(Exception):
    """This computer's Bluetooth is missing, switched off or not ours to use."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A device that says it is there."""

    address: str
    name: str
    services: frozenset[str]  # numbers
    handle: object  # the radio's own


class Link(Protocol):
    """A connection to one device. Each call raises Unreachable."""

    @property
    def characteristics(self) -> frozenset[str]:
        """Their numbers."""

    async def read(self, characteristic: str) -> bytes:
        """Its value now."""

    async def write(self, characteristic: str, frame: bytes) -> None:
        """And wait until the device has it."""

    async def listen(self, characteristic: str, heard: Heard) -> None:
        """Be told each frame from now on, notified or indicated."""

    async def ended(self) -> None:
        """Returns when the device is away."""


class Radio(Protocol):
    """Raises NoRadio where there is none."""

    def seen(self, services: Iterable[str]) -> AbstractAsyncContextManager[AsyncIterator[Found]]:
        """Devices as they say that they are there; first those with these services that are connected."""

    def connect(self, found: Found, *, bond: bool = False) -> AbstractAsyncContextManager[Link]:
        """A connection that ends with the block. Raises Unreachable."""


def number(uuid: str) -> str:
    """`00001810-0000-1000-8000-00805f9b34fb` → `1810`; another UUID as it is, in small letters."""
    small = uuid.lower()
    return small[4:8].upper() if small.startswith("0000") and small.endswith(REST) else small


def uuid(number: str) -> str:
    """`1810` → `00001810-0000-1000-8000-00805f9b34fb`."""
    return f"0000{number.lower()}{REST}" if len(number) == 4 else number.lower()
