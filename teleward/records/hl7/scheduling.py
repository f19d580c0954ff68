"""SIU: an appointment out of SCH and what belongs to it. Versions put the time in different places."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from teleward.records.hl7 import moments
from teleward.records.hl7.facts import Practitioner, Scheduling, patient_facts, said_at
from teleward.records.hl7.reading import Message, Piece, Segment
from teleward.records.hl7.reasons import MessageRefused, Reason

DEEDS: Final = {
    "S12": "book",
    "S13": "book",
    "S14": "book",
    "S15": "cancel",
    "S17": "cancel",
    "S26": "missed",
}
# name of a segment: its fields with the beginning, how long it takes, and in which unit
PLANNED: Final = {"AIS": (4, 7, 8), "AIP": (6, 9, 10), "AIG": (8, 11, 12), "AIL": (6, 9, 10)}
UNITS: Final = {
    "": 1.0,
    "MIN": 1.0,
    "M": 1.0,
    "MINUTES": 1.0,
    "S": 1 / 60,
    "SEC": 1 / 60,
    "HR": 60.0,
    "H": 60.0,
}
LONGEST_MINUTES: Final = 7 * 24 * 60
PERSONS: Final = frozenset({"AIP", "AIG"})
TAKEN_AWAY: Final = "D"  # action code (table 0206)


def scheduling(message: Message, *, zone: ZoneInfo, otherwise: datetime) -> Scheduling:
    """What an SIU says. Raises MessageRefused."""
    schedule = message.needed("SCH")
    starts_at = _starts_at(message, schedule, zone)
    return Scheduling(
        deed=DEEDS[message.header.text(9, 2)],
        numbers=_numbers(schedule),
        starts_at=starts_at,
        minutes=_minutes(message, schedule, starts_at, zone),
        reason=_words(schedule.field(7)) or _words(schedule.field(6)),
        patient=patient_facts(message.needed("PID")),
        with_whom=_with_whom(message),
        said_at=said_at(message, zone, otherwise),
    )


def _numbers(schedule: Segment) -> tuple[str, ...]:
    """What it is known by: the filler's number first."""
    found = tuple(
        f"{word}:{piece.part(2)}:{piece.part(1)}"
        for word, piece in (("filler", schedule.field(2)), ("placer", schedule.field(1)))
        if piece.part(1)
    )
    if not found:
        raise MessageRefused(Reason.FIELD_MISSING, "SCH-2")
    return found


def _starts_at(message: Message, schedule: Segment, zone: ZoneInfo) -> datetime | None:
    written = (
        ("SCH-11", schedule.text(11, 4)),
        *(("TQ1-7", each.text(7)) for each in message.every("TQ1")),
        *(
            (f"{each.name}-{PLANNED[each.name][0]}", each.text(PLANNED[each.name][0]))
            for each in _resources(message)
        ),
    )
    place, text = next(((place, text) for place, text in written if text), ("", ""))
    return moments.instant(text, zone=zone, place=place) if text else None


def _planned(resource: Segment) -> tuple[str, str]:
    """Where a resource's beginning stands, and what stands there."""
    number = PLANNED[resource.name][0]
    return f"{resource.name}-{number}", resource.text(number)


def _minutes(message: Message, schedule: Segment, starts_at: datetime | None, zone: ZoneInfo) -> int | None:
    """SCH-9 first, then the end that is written, then what the resources take."""
    own = _length(schedule.text(9), schedule.text(10), "SCH-9")
    return own or _until_the_end(message, schedule, starts_at, zone) or _of_resources(message)


def _until_the_end(
    message: Message, schedule: Segment, starts_at: datetime | None, zone: ZoneInfo
) -> int | None:
    ends = (schedule.text(11, 5), *(each.text(8) for each in message.every("TQ1")))
    end = next(filter(None, ends), "")
    if not end or starts_at is None:
        return None
    lasts = (moments.instant(end, zone=zone, place="SCH-11") - starts_at).total_seconds() / 60
    return _sensible(lasts, "SCH-11")


def _of_resources(message: Message) -> int | None:
    lengths = (
        _length(each.text(PLANNED[each.name][1]), each.text(PLANNED[each.name][2]), each.name)
        for each in _resources(message)
    )
    return max(filter(None, lengths), default=None)


def _length(number: str, unit: str, place: str) -> int | None:
    if not number:
        return None
    factor = UNITS.get(unit.upper())
    if factor is None or not number.replace(".", "", 1).isascii() or len(number) > 9:
        raise MessageRefused(Reason.VALUE_WRONG, place)
    try:
        return _sensible(float(number) * factor, place)
    except ValueError as wrong:
        raise MessageRefused(Reason.VALUE_WRONG, place) from wrong


def _sensible(minutes: float, place: str) -> int:
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise MessageRefused(Reason.VALUE_WRONG, place)
    return round(minutes)


def _resources(message: Message) -> list[Segment]:
    return [each for each in message.every(*PLANNED) if each.text(2) != TAKEN_AWAY]


def _with_whom(message: Message) -> tuple[Practitioner, ...]:
    """AIP-3, then AIG-3: whoever the practice may know."""
    found = [_practitioner(each) for each in _resources(message) if each.name in PERSONS]
    doctor = message.first("PV1")
    if doctor is not None and doctor.raw(7):
        found.append(_person(doctor.field(7)))
    return tuple(each for each in found if each.number or each.family_name)


def _practitioner(segment: Segment) -> Practitioner:
    piece = segment.field(3)
    if segment.name == "AIP":
        return _person(piece)
    return Practitioner(number=piece.part(1), family_name=piece.part(2), given_name="")


def _person(piece: Piece) -> Practitioner:
    return Practitioner(number=piece.part(1), family_name=piece.part(2), given_name=piece.part(3))


def _words(piece: Piece) -> str:
    """The text of a coded element, or its code."""
    return piece.part(2) or piece.part(1)
