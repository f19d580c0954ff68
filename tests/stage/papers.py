"""Small documents, byte by byte, as tests need them."""

import struct
import zlib


def pdf(inside: bytes = b"") -> bytes:
    """A PDF of one page."""
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> endobj\n"
        + inside
        + b"\ntrailer << /Root 1 0 R /Size 4 >>\nstartxref\n9\n%%EOF\n"
    )


def jpeg(
    *, way_up: int = 1, place: bytes = b"", comment: bytes = b"", width: int = 8, height: int = 8
) -> bytes:
    """A JPEG as a telephone writes it: with Exif, and a comment."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, way_up, 0, 0) + place
    said = [(0xE1, b"Exif\0\0" + tiff), (0xFE, comment)] if place or comment or way_up > 1 else []
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    drawn = [
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        *said,
        (0xDB, bytes(65)),
        (0xC0, frame),
        (0xC4, bytes(18)),
        (0xDA, b"\x01\x01\0\0?\0"),
    ]
    parts = [bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data for marker, data in drawn]
    return b"\xff\xd8" + b"".join(parts) + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"


def png(*, text: bytes = b"", width: int = 2, height: int = 1) -> bytes:
    """A PNG of two grey dots."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\x10\xf0")), (b"IEND", b"")]
    if text:
        chunks.insert(1, (b"tEXt", text))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(part: tuple[bytes, bytes]) -> bytes:
    kind, data = part
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
