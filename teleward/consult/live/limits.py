"""How much one socket, one visit and one holder may ask of the server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from .answers import Limits
from .messages import BODY_BYTES, FRAME_BYTES

HELLO_SECONDS: Final = 5
SILENCE_SECONDS: Final = 20
HOLD_SECONDS: Final = 60
QUEUED_MESSAGES: Final = 64
OUTBOX_FRAMES: Final = 256
SOCKETS_PER_VISIT: Final = 24
SOCKETS_PER_HOLDER: Final = 6
SOCKETS: Final = 2_000
RATE: Final = 50
BURST: Final = 200
BYTES_PER_SECOND: Final = 256 * 1024
REFUSALS: Final = 20

LIMITS: Final = Limits(
    frame=FRAME_BYTES,
    body=BODY_BYTES,
    rate=RATE,
    burst=BURST,
    bytes=BYTES_PER_SECOND,
    silence=SILENCE_SECONDS,
    hold=HOLD_SECONDS,
    queue=QUEUED_MESSAGES,
)

Clock = Callable[[], float]


@dataclass
class Bucket:
    """A token bucket: `rate` a second, `burst` at once."""

    rate: float
    burst: float
    clock: Clock = monotonic
    level: float = field(init=False)
    filled_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.burst
        self.filled_at = self.clock()

    def take(self, amount: float = 1) -> bool:
        """Whether `amount` tokens were there; they are gone then."""
        now = self.clock()
        self.level = min(self.burst, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.level < amount:
            return False
        self.level -= amount
        return True


class Meter:
    """Messages, bytes and refusals of one socket."""

    def __init__(self, clock: Clock = monotonic) -> None:
        self._messages = Bucket(RATE, BURST, clock)
        self._bytes = Bucket(BYTES_PER_SECOND, BYTES_PER_SECOND * 2, clock)
        self._refusals = Bucket(1, REFUSALS, clock)

    def allows(self, size: int) -> bool:
        """Whether one more message of `size` bytes may pass now."""
        return self._messages.take() and self._bytes.take(size)

    def forgives(self) -> bool:
        """Whether one more refused message is forgiven; otherwise the socket is closed."""
        return self._refusals.take()


class Knocks:
    """How often the same holder or address may open a socket: kept for as long as it matters."""

    def __init__(self, rate: float, burst: float, clock: Clock = monotonic, most: int = 10_000) -> None:
        self._rate, self._burst, self._clock, self._most = rate, burst, clock, most
        self._buckets: dict[object, Bucket] = {}

    def allows(self, who: object) -> bool:
        """Whether `who` may knock once more now."""
        if who not in self._buckets and len(self._buckets) >= self._most:
            self._forget()
        return self._buckets.setdefault(who, Bucket(self._rate, self._burst, self._clock)).take()

    def _forget(self) -> None:
        long_ago = self._clock() - self._burst / self._rate
        self._buckets = {who: one for who, one in self._buckets.items() if one.filled_at > long_ago}
