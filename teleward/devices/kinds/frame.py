"""Reading a Bluetooth frame, octet by octet: whole numbers, the numbers of IEEE 11073-20601, dates, bits.

Numbers are decimals made of mantissa and exponent; a binary fraction would make 18.9 kPa 18.900000000000002.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from teleward.devices.kinds.kind import Unreadable

Number = Decimal | str  # the number, or the word for why there is none
LONGEST = 512  # octets of an attribute: Bluetooth Core 5.4, volume 3, part F, 3.2.9
FIRST_YEAR = 1582  # of a date-time: GATT Specification Supplement, 3.70
FULL = re.compile(r"0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb")


def short(characteristic: str) -> str:
    """`2A35` for each way to write 0x2A35; a UUID that the Bluetooth SIG did not give, in small letters."""
    said = characteristic.lower()
    found = FULL.fullmatch(said)
    number = found[1] if found else said
    return number.upper() if len(number) == 4 else number


class Frame:
    """A frame and how far it was read. Raises `Unreadable`: too-short, too-long, impossible-date."""

    def __init__(self, octets: bytes) -> None:
        if len(octets) > LONGEST:
            raise Unreadable("too-long")
        self._octets = octets
        self.at = 0

    @property
    def left(self) -> int:
        """How many octets were not read yet."""
        return len(self._octets) - self.at

    def take(self, size: int) -> bytes:
        """The next octets as they are."""
        if self.left < size:
            raise Unreadable("too-short")
        self.at += size
        return self._octets[self.at - size : self.at]

    def whole(self, size: int, *, signed: bool = False) -> int:
        """A whole number of `size` octets, little endian."""
        return int.from_bytes(self.take(size), "little", signed=signed)

    def sfloat(self) -> Number:
        """The number of 16 bits: 12 of mantissa, 4 of exponent."""
        return _number(self.whole(2), 12, 4)

    def float(self) -> Number:
        """The number of 32 bits: 24 of mantissa, 8 of exponent."""
        return _number(self.whole(4), 24, 8)

    def date(self) -> datetime | None:
        """The device's local date and time; none where it does not know the year, month or day."""
        year, rest = self.whole(2), self.take(5)
        if 0 in (year, rest[0], rest[1]):
            return None
        if year < FIRST_YEAR:
            raise Unreadable("impossible-date")
        try:
            return datetime(year, *rest)  # noqa: DTZ001 - the device does not say its zone
        except ValueError:
            raise Unreadable("impossible-date") from None


def _number(raw: int, mantissa: int, exponent: int) -> Number:
    top = 1 << (mantissa - 1)
    return SPECIAL.get(raw - top) or Decimal(_signed(raw % (2 * top), mantissa)).scaleb(
        _signed(raw >> mantissa, exponent)
    )


# Distance from the lowest mantissa, with exponent 0: IEEE 11073-20601, annex F.8 and F.9
SPECIAL = {
    -1: "not-a-number",
    0: "not-at-this-resolution",
    -2: "positive-infinity",
    2: "negative-infinity",
    1: "reserved",
}


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def later(moment: datetime | None, minutes: int) -> datetime | None:
    """The moment so many minutes later, if it is known."""
    try:
        return moment and moment + timedelta(minutes=minutes)
    except OverflowError:
        raise Unreadable("impossible-date") from None


def words(bits: int, names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the bits that are set, each once, in the order of the bits."""
    return tuple(dict.fromkeys(name for bit, name in names.items() if bits >> bit & 1))


def user(number: int) -> tuple[int | None, tuple[str, ...]]:
    """Whose turn it was on a device of several people, and the flag where it does not know (255)."""
    return (None, ("unknown-user",)) if number == 255 else (number, ())
