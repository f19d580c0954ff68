"""MLLP (HL7 Transport Specification, Release 1): where one message ends and the next begins on a wire."""

from collections.abc import Iterator
from typing import Final

from teleward.records.hl7.reasons import MessageRefused, Reason

START: Final = b"\x0b"
END: Final = b"\x1c\r"
MOST_BYTES: Final = 1 << 20  # of one message


def framed(message: bytes) -> bytes:
    """The message as it goes over the wire."""
    return START + message + END


class Frames:
    """Takes what arrives, in whatever pieces, and gives whole messages.

    What stands between two messages is passed over, as line ends that some systems add. A beginning inside
    of a message is a new message: what came before was cut off, never answered, and is sent again.
    """

    def __init__(self, *, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held = bytearray()
        self._inside = False
        self._looked = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole now. Raises MessageRefused where one is too large; then hang up."""
        self._held += data
        while (found := self._next()) is not None:
            yield found
        if len(self._held) > self._most:
            raise MessageRefused(Reason.TOO_LARGE)

    @property
    def has_begun(self) -> bool:
        """Whether a message has begun that is not whole yet."""
        return self._inside

    def _next(self) -> bytes | None:
        if not self._inside and not self._begin():
            return None
        end = self._held.find(END, max(0, self._looked - 1))
        if end < 0:
            self._looked = len(self._held)
            return None
        message = bytes(self._held[:end])
        del self._held[: end + len(END)]
        self._inside, self._looked = False, 0
        if len(message) > self._most:
            raise MessageRefused(Reason.TOO_LARGE)
        return message.rpartition(START)[2]

    def _begin(self) -> bool:
        start = self._held.find(START)
        if start < 0:
            self._held.clear()
            return False
        del self._held[: start + 1]
        self._inside, self._looked = True, 0
        return True
