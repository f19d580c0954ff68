"""Devices as a test plays them: measurements as people have them, and the frames that carry them."""

import struct
from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st

Number = tuple[int, int]  # mantissa, exponent
FEW, MANY = 12, 24  # bits of mantissa
numbers = st.tuples(st.integers(-2045, 2045), st.integers(-8, 7))  # all there are
long_numbers = st.tuples(st.integers(-8388605, 8388605), st.integers(-12, 4))
dates = st.none() | st.datetimes(datetime(1582, 1, 1), datetime(9999, 12, 31)).map(  # noqa: DTZ001 - a device has no zone
    lambda moment: moment.replace(microsecond=0)
)
octets = st.integers(0, 254)


def text(number: Number) -> str:
    return format(Decimal(number[0]).scaleb(number[1]), "f")


def is_in_scale(number: Number, times: Decimal = Decimal(1)) -> bool:
    """Whether the number, so many times as large, has at most twelve digits on both sides of the point."""
    mantissa, exponent = number
    return abs(mantissa) * times * 10 ** max(exponent, 0) < 10 ** (12 + max(-exponent, 0)) and exponent >= -12


def sfloat(number: Number) -> bytes:
    return (number[0] & 0xFFF | (number[1] & 0xF) << 12).to_bytes(2, "little")


def long_float(number: Number) -> bytes:
    return (number[0] & 0xFFFFFF | (number[1] & 0xFF) << 24).to_bytes(4, "little")


def date(moment: datetime | None) -> bytes:
    if moment is None:
        return bytes(7)
    return struct.pack("<H5B", moment.year, *moment.timetuple()[1:6])


def optional(flags: int, bit: int, field: bytes) -> bytes:
    """The field, if its flag is set."""
    return field if flags >> bit & 1 else b""


def checksum(record: bytes) -> bytes:
    """The sum bit by bit, as the service writes it down: D0 is the first bit that comes."""
    remainder = 0xFFFF
    for octet in record:
        for bit in range(8):
            turn = (remainder & 1) ^ (octet >> bit & 1)
            remainder = remainder >> 1 ^ (0x8408 if turn else 0)
    return remainder.to_bytes(2, "little")
