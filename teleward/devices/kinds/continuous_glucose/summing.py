"""The checksum of a glucose sensor: CRC-16/MCRF4XX, polynomial 0x1021 reflected, begun with 0xFFFF.

Section 3.11 of the service; the last two octets of what it is said of.
"""

from teleward.devices.kinds.kind import Unreadable


def checked(octets: bytes) -> None:
    """Raises `Unreadable` where the sum does not hold: wrong-checksum."""
    if checksum(octets[:-2]) != int.from_bytes(octets[-2:], "little"):
        raise Unreadable("wrong-checksum")


def checksum(octets: bytes) -> int:
    """The sum of these octets."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return crc
