"""Pictures without what cameras write beside them: where, when and with what they were taken.

A picture is put together anew from the parts that draw it. What stands behind its end goes too.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from .limits import MOST_DOTS
from .problems import TooManyDots, Truncated

JPEG_BEGINS: Final = b"\xff\xd8"
PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n"
END, SCAN, EXIF = 0xD9, 0xDA, 0xE1
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
DRAWS = FRAMES | {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, SCAN}  # ITU T.81, table B.1
NEXT_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")  # stuffed zeros and restarts belong to a scan
ORIENTATION = 0x0112  # Exif 2.32, 4.6.4
UPRIGHT = 1
PNG_DRAWS = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
    }
)
Segment = tuple[int, bytes]


def clean_jpeg(content: bytes) -> bytes:
    """The picture with its colours and which way is up, and nothing else. Raises Truncated or TooManyDots."""
    segments = list(_segments(content))
    if not any(marker in FRAMES for marker, _payload in segments) or segments[-1][0] != SCAN:
        raise Truncated
    _must_be_bearable(segments)
    kept = [_rewritten(each) for each in segments]
    return JPEG_BEGINS + _orientation(segments) + b"".join(kept) + b"\xff\xd9"


def clean_png(content: bytes) -> bytes:
    """The picture without texts, times and places. Raises Truncated or TooManyDots."""
    kept, kinds = [PNG_BEGINS], []
    for kind, payload in _chunks(content):
        kinds.append(kind)
        if kind in PNG_DRAWS:
            kept.append(_chunk(kind, payload))
        if kind == b"IHDR":
            _must_be_of_size(*_png_size(payload))
    if kinds[:1] != [b"IHDR"] or b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise Truncated
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[Segment]:
    """Marker and payload of each, a scan with its data, up to the end of the picture."""
    place = len(JPEG_BEGINS)
    while True:
        found = NEXT_MARKER.match(content, place)
        if found is None:
            raise Truncated
        marker, begin = found[1][0], found.end()
        if marker == END:
            return
        stop = begin + _length(content, begin)
        if marker == SCAN:
            following = NEXT_MARKER.search(content, stop)
            stop = following.start() if following else len(content)
        if stop > len(content):
            raise Truncated
        yield marker, content[begin:stop]
        place = stop


def _length(content: bytes, place: int) -> int:
    length = int.from_bytes(content[place : place + 2], "big")
    if length < 2:
        raise Truncated
    return length


def _rewritten(segment: Segment) -> bytes:
    marker, payload = segment
    if marker == 0xE0 and payload[2:7] == b"JFIF\0":
        payload = b"\x00\x10" + payload[2:14].ljust(12, b"\0") + b"\0\0"  # without its small second picture
        return b"\xff\xe0" + payload
    colours = marker == 0xE2 and payload[2:14] == b"ICC_PROFILE\0"
    adobe = marker == 0xEE and payload[2:7] == b"Adobe"
    return bytes((0xFF, marker)) + payload if marker in DRAWS or colours or adobe else b""


def _must_be_bearable(segments: list[Segment]) -> None:
    for marker, payload in segments:
        if marker in FRAMES:
            if len(payload) < 7:
                raise Truncated
            height, width = struct.unpack(">HH", payload[3:7])
            _must_be_of_size(width, height)


def _must_be_of_size(width: int, height: int) -> None:
    if not width or not height:
        raise Truncated
    if width * height > MOST_DOTS:
        raise TooManyDots


def _orientation(segments: list[Segment]) -> bytes:
    """An Exif segment that says which way is up and nothing else; empty where it is up already."""
    said = [
        _way_up(payload[8:]) for marker, payload in segments if marker == EXIF and payload[2:8] == b"Exif\0\0"
    ]
    way = next((each for each in said if each != UPRIGHT), UPRIGHT)
    if way == UPRIGHT:
        return b""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, way, 0, 0)
    payload = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload


def _way_up(tiff: bytes) -> int:
    """The orientation that a TIFF header's first directory names, 1 to 8."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return UPRIGHT
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    (count,) = struct.unpack(f"{order}H", tiff[start : start + 2].ljust(2, b"\0"))
    for number in range(min(count, 100)):
        entry = tiff[start + 2 + 12 * number : start + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(f"{order}H", entry[:2])[0] == ORIENTATION:
            way: int = struct.unpack(f"{order}H", entry[8:10])[0]
            return way if 1 <= way <= 8 else UPRIGHT
    return UPRIGHT


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and payload of each, up to the end of the picture. PNG 3rd edition, 5.3."""
    place = len(PNG_BEGINS)
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        kind, payload = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        seal = content[place + 8 + length : place + 12 + length]
        if len(payload) < length or seal != zlib.crc32(kind + payload).to_bytes(4, "big"):
            raise Truncated
        yield kind, payload
        if kind == b"IEND":
            return
        place += 12 + length
    raise Truncated


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + kind + payload + zlib.crc32(kind + payload).to_bytes(4, "big")


def _png_size(payload: bytes) -> tuple[int, int]:
    if len(payload) != 13:
        raise Truncated
    width, height = struct.unpack(">II", payload[:8])
    return width, height
