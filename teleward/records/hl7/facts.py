"""What messages say, as plain facts: who somebody is, that two numbers are one person, an appointment."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from teleward.records.hl7 import moments
from teleward.records.hl7.reading import Message, Piece, Segment
from teleward.records.hl7.reasons import MessageRefused, Reason

LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3
INTERNET = frozenset({"Internet", "X.400"})
NOT_A_NUMBER = frozenset({"FX", "MD", "BP", "TDD", "TTY"})
CLOSED_NAMES = frozenset({"A", "M", "S", "U"})  # alias, maiden, pseudonym, unspecified: not the one to use
OLD, YES = frozenset({"BA", "OLD"}), frozenset({"Y", "YES", "1"})


@dataclass(frozen=True, kw_only=True)
class Number:
    """An identifier (CX, XCN or EI): by whom it was given, and of which kind."""

    value: str
    namespace: str = ""  # of the assigning authority: a name of the sender's own
    universal: str = ""  # its OID or URI
    universal_kind: str = ""  # ISO, UUID, URI, DNS, …
    kind: str = ""  # table 0203: MR, PI, SS, NH, …


@dataclass(frozen=True, kw_only=True)
class PatientFacts:
    """Who a patient is; "" or None where nothing was said."""

    numbers: tuple[Number, ...]
    family_name: str
    given_name: str
    born_on: date | None
    language: str
    email: str
    telephone: str


@dataclass(frozen=True, kw_only=True)
class Admission:
    """ADT A01 to A08: what happened to a patient elsewhere, of which only who they are is taken."""

    patient: PatientFacts
    said_at: datetime


@dataclass(frozen=True, kw_only=True)
class Merge:
    """ADT A40: what was kept under `gone` belongs to the patient of `kept`."""

    patient: PatientFacts
    gone: tuple[Number, ...]
    said_at: datetime


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """Somebody with whom an appointment is."""

    number: str
    family_name: str
    given_name: str


@dataclass(frozen=True, kw_only=True)
class Scheduling:
    """SIU: an appointment as the other system has it; `deed` is book, cancel or missed."""

    deed: str
    numbers: tuple[str, ...]  # filler's first, then placer's, each with its namespace
    starts_at: datetime | None
    minutes: int | None
    reason: str
    patient: PatientFacts
    with_whom: tuple[Practitioner, ...]
    said_at: datetime


def said_at(message: Message, zone: ZoneInfo, otherwise: datetime) -> datetime:
    """When it was said: EVN-2 where there is one, else MSH-7; at the latest when it came.

    A clock that runs ahead by years would otherwise make all that follows older for as many years.
    """
    event = message.first("EVN")
    text = (event.text(2) if event else "") or message.header.text(7)
    return min(moments.said_at(text, zone=zone) or otherwise, otherwise)


def patient_facts(segment: Segment) -> PatientFacts:
    """Who PID says it is. Raises MessageRefused without any number or family name."""
    name = _name(segment)
    return PatientFacts(
        numbers=_some(_numbers(segment.repetitions(3)) or _numbers(segment.repetitions(2)), "PID-3"),
        family_name=_needed(_one_line(name.part(1)) if name else "", "PID-5"),
        given_name=_given(name) if name else "",
        born_on=moments.day(segment.text(7), "PID-7") if segment.text(7) else None,
        language=segment.text(15).lower()[:2],
        email=_email(segment),
        telephone=_telephone(segment),
    )


def admission(message: Message, *, zone: ZoneInfo, otherwise: datetime) -> Admission:
    """ADT. Raises MessageRefused."""
    return Admission(patient=patient_facts(message.needed("PID")), said_at=said_at(message, zone, otherwise))


def merge(message: Message, *, zone: ZoneInfo, otherwise: datetime) -> Merge:
    """ADT^A40. Raises MessageRefused."""
    gone = _numbers(message.needed("MRG").repetitions(1))
    return Merge(
        patient=patient_facts(message.needed("PID")),
        gone=_some(gone, "MRG-1"),
        said_at=said_at(message, zone, otherwise),
    )


def _some(numbers: tuple[Number, ...], place: str) -> tuple[Number, ...]:
    if not numbers:
        raise MessageRefused(Reason.FIELD_MISSING, place)
    return numbers


def _needed(text: str, place: str) -> str:
    if not text:
        raise MessageRefused(Reason.FIELD_MISSING, place)
    return text


def _numbers(pieces: tuple[Piece, ...]) -> tuple[Number, ...]:
    return tuple(_number(piece) for piece in pieces if piece.part(1))


def _number(piece: Piece) -> Number:
    return Number(
        value=piece.part(1),
        namespace=piece.part(4),
        universal=piece.part(4, 2),
        universal_kind=piece.part(4, 3).upper(),
        kind=piece.part(5).upper(),
    )


def _name(segment: Segment) -> Piece | None:
    """The legal name, or the first that may be used."""
    names = segment.repetitions(5)
    legal = (name for name in names if name.part(7) == "L")
    usable = (name for name in names if name.part(7) not in CLOSED_NAMES)
    return next(legal, None) or next(usable, None)


def _given(name: Piece) -> str:
    return _one_line(f"{name.part(2)} {name.part(3)}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _email(segment: Segment) -> str:
    ways = (*segment.repetitions(13), *segment.repetitions(14))
    written = (way.part(4) for way in ways)
    loose = (way.part(1) for way in ways if way.part(3) in INTERNET)
    return next((each for each in (*written, *loose) if _is_address(each)), "")


def _is_address(text: str) -> bool:
    if len(text) > LONGEST_ADDRESS:  # cut, it would be another one
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _telephone(segment: Segment) -> str:
    ways = (*segment.repetitions(13), *segment.repetitions(14))
    return next((_dialled(way) for way in ways if _is_telephone(way) and _dialled(way)), "")


def _is_telephone(way: Piece) -> bool:
    return way.part(3) not in INTERNET | NOT_A_NUMBER and way.part(2) != "NET"


def _dialled(way: Piece) -> str:
    if way.part(12) or way.part(1):
        return _one_line(way.part(12) or way.part(1))
    country = f"+{way.part(5).lstrip('+')}" if way.part(5) else ""
    return " ".join(filter(None, (country, way.part(6), way.part(7))))
