"""Which messages are taken, and what each of them says."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from teleward.records.hl7.facts import Admission, Merge, Scheduling, admission, merge
from teleward.records.hl7.reading import Message
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.hl7.scheduling import DEEDS, scheduling

Said = Admission | Merge | Scheduling
ADMISSIONS: Final = tuple(f"A{number:02}" for number in range(1, 9))
EVENTS: Final = {"ADT": frozenset({*ADMISSIONS, "A40"}), "SIU": frozenset(DEEDS)}
VERSION: Final = re.compile(r"2\.[1-9](\.\d)?")


def taken(message: Message) -> None:
    """Raises MessageRefused where the message is not of a kind, a version or a purpose that we take."""
    header = message.header
    _supported(header.text(9), header.text(9, 2))
    if header.text(11) not in {"P", ""}:
        raise MessageRefused(Reason.NOT_FOR_REAL, "MSH-11")
    if not VERSION.fullmatch(header.text(12)):
        raise MessageRefused(Reason.VERSION_UNSUPPORTED, "MSH-12")


def said(message: Message, *, zone: ZoneInfo, otherwise: datetime) -> Said:
    """What it says; times without an offset are on the clock of `zone`. Raises MessageRefused."""
    taken(message)
    event = message.header.text(9, 2)
    if message.header.text(9) == "SIU":
        return scheduling(message, zone=zone, otherwise=otherwise)
    read = merge if event == "A40" else admission
    return read(message, zone=zone, otherwise=otherwise)


def _supported(kind: str, event: str) -> None:
    if kind not in EVENTS:
        raise MessageRefused(Reason.TYPE_UNSUPPORTED, "MSH-9")
    if event not in EVENTS[kind]:
        raise MessageRefused(Reason.EVENT_UNSUPPORTED, "MSH-9")
