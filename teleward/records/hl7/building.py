"""Writing HL7 v2.5.1: acknowledgements, appointments, results. What is text is escaped; line ends are CR."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import override

from teleward.records.hl7.charsets import USUAL as USUAL_CHARSET
from teleward.records.hl7.charsets import codec_of
from teleward.records.hl7.escapes import escaped
from teleward.records.hl7.moments import written
from teleward.records.hl7.reading import Message
from teleward.records.hl7.reasons import CODES, REJECTED, WORDS, Reason

VERSION: Final = "2.5.1"
ENCODING: Final = "^~\\&"
OURS: Final = "TELEWARD"
Component = str | tuple[str, ...]  # a text, or its subcomponents


@dataclass(frozen=True)
class Repeated:
    """A field that is there several times."""

    each: tuple[Sequence[Component], ...]


Part = str | Sequence[Component] | Repeated  # a field: one text, or components
NOTHING: Final = ("",) * 5  # MSH-13 to MSH-17


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """MSH of what we send: to whom, under which number, when."""

    facility: str
    to_application: str
    to_facility: str
    control_id: str
    at: datetime
    charset: str = USUAL_CHARSET
    version: str = VERSION


def line(name: str, *fields: Part) -> str:
    """A segment: each field a text, or a list of components. Trailing empty fields are left out."""
    return "|".join((name, *(_field(each) for each in fields))).rstrip("|")


def header(envelope: Envelope, kind: str) -> str:
    """MSH for `ADT^A08^ADT_A01`."""
    who = (OURS, envelope.facility, envelope.to_application, envelope.to_facility)
    what = (written(envelope.at), "", kind.split("^"), envelope.control_id, "P", envelope.version)
    return line(f"MSH|{ENCODING}", *who, *what, *NOTHING, envelope.charset)


def message(lines: Iterable[str], *, charset: str = USUAL_CHARSET) -> bytes:
    """The lines as they are sent. A character that the set does not have becomes a question mark."""
    return "".join(f"{each}\r" for each in lines).encode(codec_of(charset), "replace")


def code_of(reason: Reason | None) -> str:
    """AA, AE or AR (table 0008)."""
    if reason is None:
        return "AA"
    return "AR" if reason in REJECTED else "AE"


def acknowledgement(
    *,
    to: Message | None,
    facility: str,
    control_id: str,
    at: datetime,
    reason: Reason | None,
    place: str = "",
) -> bytes:
    """The answer to a message, or to something that was none. A reason, never anything of its content."""
    head = to.header if to else None
    envelope = Envelope(
        facility=facility,
        to_application=head.text(3) if head else "",
        to_facility=head.text(4) if head else "",
        control_id=control_id,
        at=at,
        charset=to.charset if to else USUAL_CHARSET,
        version=(head.text(12) if head else "") or VERSION,
    )
    kind = f"ACK^{head.text(9, 2)}^ACK" if head else "ACK"
    said = [line("MSA", code_of(reason), to.control_id if to else "", _english(reason))]
    if reason is not None:
        said.append(_error(reason, place))
    return message((header(envelope, kind), *said), charset=envelope.charset)


def refuses(answer: bytes, reason: Reason) -> bool:
    """Whether an acknowledgement of ours gives this reason."""
    return f"|{reason.value}^^TELEWARD|".encode() in answer


def _error(reason: Reason, place: str) -> str:
    """ERR as of 2.5: where, HL7's code, that it is an error, our own code, and the sentence."""
    segment, _dash, field = place.partition("-")
    where: Part = [segment, "1", field] if segment else ""
    own: Part = [reason.value, "", "TELEWARD"]
    return line("ERR", "", where, [CODES[reason], "", "HL70357"], "E", own, "", "", _english(reason))


def _english(reason: Reason | None) -> str:
    if reason is None:
        return ""
    with override("en"):
        return str(WORDS[reason])


def _field(part: Part) -> str:
    if isinstance(part, str):
        return escaped(part)
    if isinstance(part, Repeated):
        return "~".join(_field(each) for each in part.each)
    return "^".join(_component(each) for each in part).rstrip("^")


def _component(component: Component) -> str:
    if isinstance(component, str):
        return escaped(component)
    return "&".join(escaped(each) for each in component).rstrip("&")
