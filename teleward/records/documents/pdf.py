"""Whether a PDF is whole, open, and nothing but a document (ISO 32000-1)."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from .limits import MOST_STREAMS, MOST_UNFOLDED
from .names import ENDED, spelled
from .opening import must_stay, objects_among, objects_folded, opened_by
from .problems import HoldsProgram, Locked, SecondFile, Truncated

BEGINS: Final = b"%PDF-"
ENDS: Final = b"%%EOF"
SPACE: Final = b"\0\t\n\x0c\r "
ARCHIVE_ENDS: Final = b"PK\x05\x06"  # an archive is read from its end
ARCHIVE_TAIL: Final = 65_557  # APPNOTE 4.3.16: the record and the longest comment
TRAILER: Final = 2_048
LONGEST_DICTIONARY: Final = 4_096  # of a stream; a longer one is not looked into, and then refused
PIECE: Final = 4_096


FILES = ("EmbeddedFile", "EmbeddedFiles", "FileAttachment")
RUN = ("JavaScript", "Launch", "RichMedia", "Rendition", "XFA", *FILES)
LEAD_AWAY = ("GoToR", "GoToE", "SubmitForm", "ImportData")  # 12.6.4: to other files and servers, some unasked
PROGRAMS = re.compile(spelled(*RUN, *LEAD_AWAY) + ENDED)
PASSWORD = re.compile(spelled("Encrypt") + ENDED)
STREAM = re.compile(rb"(?<!end)stream\r?\n")
OF_OBJECTS = re.compile(spelled("ObjStm") + ENDED)
OF_NUMBERS = re.compile(spelled("First") + rb"(?:\s+(\d{1,9})(?!\s+\d+\s+R))?")
OF_A_PICTURE = re.compile(spelled("DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode") + ENDED)
MISLEADS = re.compile(rb"[(%][^)\r\n]*\bobj\b")
FILTER = re.compile(spelled("Filter"))
PREDICTOR = re.compile(spelled("Predictor"))
_FLATE = spelled("FlateDecode")
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
    """Raises Truncated, SecondFile, Locked or HoldsProgram.

    A reader need not ask a stream whether it is one of objects: each that could be is looked into.
    """
    _must_be_whole(content)
    if PASSWORD.search(content):
        raise Locked
    if PROGRAMS.search(content):
        raise HoldsProgram
    plain = _without_streams(content)
    opened = opened_by(plain) | _opened_folded(content)
    must_stay(objects_among(plain, opened))
    for said, objects in _folded_objects(content) if opened else ():
        must_stay(objects_folded(objects, _first_in(said), opened))


def _opened_folded(content: bytes) -> set[int]:
    """What streams of objects open by themselves. Raises HoldsProgram."""
    named, opened = sum(1 for _each in OF_OBJECTS.finditer(content)), set[int]()
    for said, objects in _folded_objects(content):
        named -= bool(OF_OBJECTS.search(said))
        if named < 0 or PROGRAMS.search(objects):
            raise HoldsProgram
        opened |= opened_by(objects)
    if named:  # a place we did not look into
        raise HoldsProgram
    return opened


def _first_in(said: bytes) -> int:
    """Where the first object is. Raises HoldsProgram where that stands somewhere else."""
    found = OF_NUMBERS.search(said)
    if found is None or found[1] is None:
        raise HoldsProgram
    return int(found[1])


def _must_be_whole(content: bytes) -> None:
    end = content.rfind(ENDS)
    if end < 0 or b"startxref" not in content[max(0, end - TRAILER) : end]:
        raise Truncated
    if content[end + len(ENDS) :].strip(SPACE) or ARCHIVE_ENDS in content[-ARCHIVE_TAIL:]:
        raise SecondFile


def _without_streams(content: bytes) -> bytes:
    """All that is not in a stream."""
    parts, place = [], 0
    for found in STREAM.finditer(content):
        if found.start() >= place:
            parts.append(content[place : found.start()])
            end = content.find(b"endstream", found.end())
            place = end if end >= 0 else len(content)
    parts.append(content[place:])
    return b"".join(parts)


def _folded_objects(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What the streams hold that may be of objects (7.5.7), each with its dictionary.

    Other than Flate, it is refused.
    """
    looking = Looking()
    for number, found in enumerate(STREAM.finditer(content)):
        if number >= MOST_STREAMS:
            raise HoldsProgram
        said = looking.at(_said_before(content, found.start()))
        if _may_be_objects(said):
            yield said, _unfolded(content, found.end(), said, looking)


def _may_be_objects(said: bytes) -> bool:
    """A stream of objects has to say where the first is; what is unfolded to a picture is none."""
    return bool(OF_OBJECTS.search(said) or (OF_NUMBERS.search(said) and not OF_A_PICTURE.search(said)))


def _said_before(content: bytes, place: int) -> bytes:
    """The dictionary of a stream: what stands since its object began. Raises HoldsProgram where it hides."""
    window = content[max(0, place - LONGEST_DICTIONARY) : place]
    if OF_NUMBERS.search(window) and MISLEADS.search(window):
        raise HoldsProgram
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
