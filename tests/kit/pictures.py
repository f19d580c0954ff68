"""Pictures that tell more than what is on them."""

import struct
import zlib


def jpeg_with_a_place(plain: bytes) -> bytes:
    """The JPEG with an EXIF segment that names a place."""
    body = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0 GPS 52.5200N 13.4050E PhoneMaker 12"
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def png_with_a_comment() -> bytes:
    """A grey PNG of four by four with a comment in it."""
    rows = b"".join(b"\0" + bytes([128] * 4) for _ in range(4))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Comment\0taken at home"),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
