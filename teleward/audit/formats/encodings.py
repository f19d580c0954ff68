"""Numbers and bytes as these texts write them: one spelling for each value, and no other is read."""

import binascii
import re
from base64 import b64decode, b64encode

HASH_BYTES = 32
MOST_DIGITS = 19  # below 2^63
DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)


class Malformed(ValueError):
    """The text is not what its format says; the message names the place."""


def to_base64(value: bytes) -> str:
    """Standard Base 64 with padding (RFC 4648, section 4)."""
    return b64encode(value).decode()


def from_base64(text: str) -> bytes:
    """The bytes of canonical Base 64. Raises Malformed."""
    try:
        value = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64") from error
    if to_base64(value) != text:
        raise Malformed("not base64 in its one canonical spelling")
    return value


def to_hash(text: str) -> bytes:
    """One SHA-256 hash, 32 bytes. Raises Malformed."""
    value = from_base64(text)
    if len(value) != HASH_BYTES:
        raise Malformed("not a hash of 32 bytes")
    return value


def to_number(text: str) -> int:
    """A decimal number below 2^63 without leading zeroes. Raises Malformed."""
    if len(text) > MOST_DIGITS or not DECIMAL.fullmatch(text) or int(text) >= 2**63:
        raise Malformed("not a decimal number")
    return int(text)
