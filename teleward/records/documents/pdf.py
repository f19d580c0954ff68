"""Whether a PDF is whole, open, and nothing but a document (ISO 32000-1)."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from .limits import MOST_STREAMS, MOST_UNFOLDED
from .problems import HoldsProgram, Locked, SecondFile, Truncated

BEGINS: Final = b"%PDF-"
ENDS: Final = b"%%EOF"
SPACE: Final = b"\0\t\n\x0c\r "
ARCHIVE_ENDS: Final = b"PK\x05\x06"  # an archive is read from its end
ARCHIVE_TAIL: Final = 65_557  # APPNOTE 4.3.16: the record and the longest comment
TRAILER: Final = 2_048
LONGEST_DICTIONARY: Final = 4_096  # of a stream; a longer one is not looked into, and then refused
PIECE: Final = 4_096


def _spelled(*names: str) -> bytes:
    """Any of these names; any letter of a name may be written as # and two digits (7.3.5)."""
    every = ("".join(f"(?:{each}|#(?i:{ord(each):02x}))" for each in name) for name in names)
    return f"/(?:{'|'.join(every)})".encode()


ENDED: Final = rb"(?![A-Za-z0-9])"
RUN = ("JavaScript", "Launch", "RichMedia", "EmbeddedFile", "EmbeddedFiles", "XFA")
LEAD_AWAY = ("GoToR", "GoToE", "SubmitForm", "ImportData")  # 12.6.4: to other files and servers, some unasked
PROGRAMS = re.compile(_spelled(*RUN, *LEAD_AWAY) + ENDED)
PASSWORD = re.compile(_spelled("Encrypt") + ENDED)
STREAM = re.compile(rb"(?<!end)stream\r?\n")
OF_OBJECTS = re.compile(_spelled("ObjStm") + ENDED)
FILTER = re.compile(_spelled("Filter"))
PREDICTOR = re.compile(_spelled("Predictor"))
_FLATE = _spelled("FlateDecode")
FLATE = re.compile(FILTER.pattern + rb"\s*(?:" + _FLATE + rb"(?![\w#])|\[\s*" + _FLATE + rb"\s*\])")


class Looking:
    """How much may still be looked at: a small file may ask for more work than the server has."""

    def __init__(self) -> None:
        self.left = MOST_UNFOLDED

    def at(self, some: bytes) -> bytes:
        """The same. Raises HoldsProgram where it is too much: what nobody looked at is not kept."""
        self.left -= len(some)
        if self.left <= 0:
            raise HoldsProgram
        return some


def check_pdf(content: bytes) -> None:
    """Raises Truncated, SecondFile, Locked or HoldsProgram."""
    _must_be_whole(content)
    if PASSWORD.search(content):
        raise Locked
    if PROGRAMS.search(content):
        raise HoldsProgram
    named = sum(1 for _each in OF_OBJECTS.finditer(content))
    for objects in _folded_objects(content):
        named -= 1
        if named < 0 or PROGRAMS.search(objects):
            raise HoldsProgram
    if named:  # a place we did not look into
        raise HoldsProgram


def _must_be_whole(content: bytes) -> None:
    end = content.rfind(ENDS)
    if end < 0 or b"startxref" not in content[max(0, end - TRAILER) : end]:
        raise Truncated
    if content[end + len(ENDS) :].strip(SPACE) or ARCHIVE_ENDS in content[-ARCHIVE_TAIL:]:
        raise SecondFile


def _folded_objects(content: bytes) -> Iterator[bytes]:
    """What the streams of objects hold (7.5.7), one after the other. Other than Flate, it is refused."""
    looking = Looking()
    for number, found in enumerate(STREAM.finditer(content)):
        if number >= MOST_STREAMS:
            raise HoldsProgram
        said = looking.at(_said_before(content, found.start()))
        if OF_OBJECTS.search(said):
            yield _unfolded(content, found.end(), said, looking)


def _said_before(content: bytes, place: int) -> bytes:
    """The dictionary of a stream: what stands since its object began."""
    window = content[max(0, place - LONGEST_DICTIONARY) : place]
    return window[window.rfind(b"obj") + 1 :]


def _unfolded(content: bytes, place: int, said: bytes, looking: Looking) -> bytes:
    if FILTER.search(said):
        if not FLATE.search(said) or PREDICTOR.search(said):
            raise HoldsProgram
        return _inflated(content, place, looking)
    end = content.find(b"endstream", place, place + looking.left)
    if end < 0:
        raise HoldsProgram
    return looking.at(content[place:end])


def _inflated(content: bytes, place: int, looking: Looking) -> bytes:
    unfolding, objects = zlib.decompressobj(), bytearray()
    for start in range(place, len(content), PIECE):
        try:
            objects += looking.at(
                unfolding.decompress(looking.at(content[start : start + PIECE]), looking.left)
            )
        except zlib.error as broken:
            raise Truncated from broken
        if unfolding.eof:
            return bytes(objects)
        if unfolding.unconsumed_tail:
            raise HoldsProgram
    raise Truncated
