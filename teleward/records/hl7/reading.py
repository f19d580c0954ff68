"""Reading HL7 v2: delimiters from MSH, segments, fields, repetitions, components."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from teleward.records.hl7.charsets import codec_of, decoded
from teleward.records.hl7.escapes import Delimiters, plain
from teleward.records.hl7.framing import MOST_BYTES
from teleward.records.hl7.reasons import MessageRefused, Reason

MOST_SEGMENTS: Final = 5_000
MOST_FIELDS: Final = 500  # of one segment
LONGEST_VALUE: Final = 250  # of what is kept in a column, such as MSH-10
NAME: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
CLEARED: Final = '""'  # "delete what you have", apart from "nothing said"
HEADER: Final = "MSH"


@dataclass(frozen=True)
class Piece:
    """One repetition of a field."""

    raw: str
    signs: Delimiters
    codec: str

    def part(self, component: int = 1, subcomponent: int = 1) -> str:
        """The text of a component, from 1; "" where there is none, and where it is said to be cleared."""
        text = self.said(component, subcomponent)
        return "" if text == CLEARED else text

    def said(self, component: int = 1, subcomponent: int = 1) -> str:
        """The same, with `""` for what is said to be cleared."""
        whole = _nth(self.raw, self.signs.component, component)
        return plain(_nth(whole, self.signs.subcomponent, subcomponent), self.signs, self.codec).strip()

    @property
    def whole(self) -> str:
        """All of it as one text, for fields that have no components."""
        return plain(self.raw, self.signs, self.codec).strip()


@dataclass(frozen=True)
class Segment:
    """One line of a message."""

    name: str
    fields: tuple[str, ...]  # as they stand, from field 1
    signs: Delimiters
    codec: str

    def raw(self, number: int) -> str:
        """A field as it stands; "" where there is none."""
        return self.fields[number - 1] if number <= len(self.fields) else ""

    def field(self, number: int) -> Piece:
        """The first repetition of a field."""
        return Piece(_nth(self.raw(number), self.signs.repetition, 1), self.signs, self.codec)

    def repetitions(self, number: int) -> tuple[Piece, ...]:
        """Every repetition of a field that is not empty."""
        each = self.raw(number).split(self.signs.repetition)
        return tuple(Piece(raw, self.signs, self.codec) for raw in each if raw)

    def text(self, number: int, component: int = 1) -> str:
        """The text of a component of the first repetition."""
        return self.field(number).part(component)

    def needed(self, number: int, component: int = 1) -> str:
        """The same, where it must not be empty. Raises MessageRefused."""
        found = self.text(number, component)
        if not found:
            raise MessageRefused(Reason.FIELD_MISSING, f"{self.name}-{number}")
        return found


@dataclass(frozen=True)
class Message:
    """A message that could be read."""

    segments: tuple[Segment, ...]
    charset: str  # its name in HL7

    @cached_property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """`ADT^A08`: MSH-9.1 and MSH-9.2."""
        return f"{self.header.text(9)}^{self.header.text(9, 2)}"

    @property
    def control_id(self) -> str:
        """MSH-10."""
        return self.header.text(10)

    def every(self, *names: str) -> Iterator[Segment]:
        """The segments of these names, in their order."""
        return (each for each in self.segments if each.name in names)

    def first(self, name: str) -> Segment | None:
        """The first segment of this name."""
        return next(self.every(name), None)

    def needed(self, name: str) -> Segment:
        """The same, where it has to be there. Raises MessageRefused."""
        found = self.first(name)
        if found is None:
            raise MessageRefused(Reason.SEGMENT_MISSING, name)
        return found


def read(message: bytes, *, otherwise: str = "ASCII") -> Message:
    """The message; `otherwise` is its character set where it names none. Raises MessageRefused only."""
    if len(message) > MOST_BYTES:
        raise MessageRefused(Reason.TOO_LARGE)
    text, charset = decoded(message, otherwise=otherwise)
    lines = _lines(text)
    signs = _signs(lines[0] if lines else "")
    if len(lines) > MOST_SEGMENTS:
        raise MessageRefused(Reason.TOO_LARGE)
    codec = codec_of(charset)
    return _checked(Message(tuple(_segment(line, signs, codec) for line in lines), charset))


def _lines(text: str) -> list[str]:
    """Segments end with a carriage return; where there is none at all, lines do."""
    sign = "\r" if "\r" in text else "\n"
    return [line for line in (each.strip("\n") for each in text.split(sign)) if line.strip()]


def _signs(line: str) -> Delimiters:
    field, encoding = line[3:4], line[4:9].partition(line[3:4] or "|")[0]
    signs = f"{field}{encoding}"[:5]
    if not line.startswith(HEADER) or len(signs) < 3 or len(set(signs)) != len(signs) or _is_text(signs):
        raise MessageRefused(Reason.NOT_HL7, "MSH-2")
    return Delimiters(*signs, *("\\", "&")[len(signs) - 3 :])


def _is_text(signs: str) -> bool:
    return any(sign.isalnum() or sign.isspace() or sign == '"' for sign in signs)


def _segment(line: str, signs: Delimiters, codec: str) -> Segment:
    name, rest = line[:3], line[3:]
    if not NAME.fullmatch(name) or (rest and rest[0] != signs.field):
        raise MessageRefused(Reason.NOT_HL7)
    fields = rest[1:].split(signs.field) if rest else []
    if len(fields) > MOST_FIELDS:
        raise MessageRefused(Reason.TOO_LARGE, name)
    if name == HEADER:
        fields.insert(0, signs.field)
    return Segment(name, tuple(fields), signs, codec)


def _checked(message: Message) -> Message:
    header = message.header
    if any(len(header.raw(number)) > LONGEST_VALUE for number in range(3, 13)):
        raise MessageRefused(Reason.TOO_LARGE, "MSH")
    header.needed(9)
    header.needed(10)
    return message


def _nth(text: str, sign: str, number: int) -> str:
    parts = text.split(sign, number)
    return parts[number - 1] if len(parts) >= number else ""
