"""Whether a PDF is whole, open, and nothing but a document (ISO 32000-1)."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from .limits import MOST_UNFOLDED
from .problems import HoldsProgram, Locked, SecondFile, Truncated

BEGINS: Final = b"%PDF-"
ENDS: Final = b"%%EOF"
SPACE: Final = b"\0\t\n\x0c\r "
ARCHIVE_ENDS: Final = b"PK\x05\x06"  # an archive is read from its end
ARCHIVE_TAIL: Final = 65_557  # APPNOTE 4.3.16: the record and the longest comment
TRAILER: Final = 2_048
SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")  # 7.3.5: any letter of a name may be written so
PROGRAMS = re.compile(rb"/(?:JavaScript|Launch|RichMedia|EmbeddedFiles?|XFA)(?![A-Za-z0-9])")
PASSWORD = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
OF_OBJECTS = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
FLATE = re.compile(rb"/Filter\s*(?:/FlateDecode(?!\w)|\[\s*/FlateDecode\s*\])")


def check_pdf(content: bytes) -> None:
    """Raises Truncated, SecondFile, Locked or HoldsProgram."""
    _must_be_whole(content)
    plain = _as_spelled(content)
    if PASSWORD.search(plain):
        raise Locked
    if PROGRAMS.search(plain):
        raise HoldsProgram
    folded = list(_folded_objects(content))
    hidden = len(OF_OBJECTS.findall(plain)) - len(folded)  # a place we did not look into
    if hidden or any(PROGRAMS.search(_as_spelled(objects)) for objects in folded):
        raise HoldsProgram


def _must_be_whole(content: bytes) -> None:
    end = content.rfind(ENDS)
    if end < 0 or b"startxref" not in content[max(0, end - TRAILER) : end]:
        raise Truncated
    if content[end + len(ENDS) :].strip(SPACE) or ARCHIVE_ENDS in content[-ARCHIVE_TAIL:]:
        raise SecondFile


def _as_spelled(content: bytes) -> bytes:
    return SPELLED.sub(lambda found: bytes.fromhex(found[1].decode()), content)


def _folded_objects(content: bytes) -> Iterator[bytes]:
    """What the streams of objects hold (7.5.7). Folded otherwise than by Flate, it is refused."""
    left = MOST_UNFOLDED
    for found in STREAM.finditer(content):
        said = _as_spelled(content[content.rfind(b"obj", 0, found.start()) + 3 : found.start()])
        if not OF_OBJECTS.search(said):
            continue
        objects = _unfolded(content, found.end(), said, left)
        left -= len(objects)
        yield objects


def _unfolded(content: bytes, place: int, said: bytes, most: int) -> bytes:
    if b"/Filter" not in said:
        return content[place : content.find(b"endstream", place)]
    if not FLATE.search(said) or b"/Predictor" in said or most <= 0:
        raise HoldsProgram
    unfolding = zlib.decompressobj()
    try:
        objects = unfolding.decompress(memoryview(content)[place:], most)
    except zlib.error as broken:
        raise Truncated from broken
    if not unfolding.eof:
        raise HoldsProgram if unfolding.unconsumed_tail else Truncated
    return objects
