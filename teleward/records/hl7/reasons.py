"""Why a message is not taken, or waits: our word, HL7's code (table 0357), a sentence for people."""

from enum import StrEnum
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class Reason(StrEnum):
    """What stands in the way. None of them says anything about a patient."""

    NOT_HL7 = "not-hl7"
    TOO_LARGE = "too-large"
    CHARSET_UNKNOWN = "charset-unknown"
    CHARSET_BROKEN = "charset-broken"
    SEGMENT_MISSING = "segment-missing"
    FIELD_MISSING = "field-missing"
    VALUE_WRONG = "value-wrong"
    TIME_WRONG = "time-wrong"
    TIME_UNCLEAR = "time-unclear"
    TYPE_UNSUPPORTED = "type-unsupported"
    EVENT_UNSUPPORTED = "event-unsupported"
    NOT_FOR_REAL = "not-for-real"
    VERSION_UNSUPPORTED = "version-unsupported"
    SENDER_UNKNOWN = "sender-unknown"
    NUMBER_USED = "number-used"
    PATIENT_UNKNOWN = "patient-unknown"
    PATIENT_UNCERTAIN = "patient-uncertain"
    IDENTIFIER_WRONG = "identifier-wrong"
    PRACTITIONER_UNKNOWN = "practitioner-unknown"
    NOT_POSSIBLE = "not-possible"
    OURS = "ours"


CODES: dict[Reason, str] = {  # HL7 table 0357
    Reason.NOT_HL7: "100",
    Reason.TOO_LARGE: "104",
    Reason.CHARSET_UNKNOWN: "103",
    Reason.CHARSET_BROKEN: "102",
    Reason.SEGMENT_MISSING: "100",
    Reason.FIELD_MISSING: "101",
    Reason.VALUE_WRONG: "102",
    Reason.TIME_WRONG: "102",
    Reason.TIME_UNCLEAR: "102",
    Reason.TYPE_UNSUPPORTED: "200",
    Reason.EVENT_UNSUPPORTED: "201",
    Reason.NOT_FOR_REAL: "202",
    Reason.VERSION_UNSUPPORTED: "203",
    Reason.SENDER_UNKNOWN: "207",
    Reason.NUMBER_USED: "205",
    Reason.PATIENT_UNKNOWN: "204",
    Reason.PATIENT_UNCERTAIN: "204",
    Reason.IDENTIFIER_WRONG: "102",
    Reason.PRACTITIONER_UNKNOWN: "204",
    Reason.NOT_POSSIBLE: "207",
    Reason.OURS: "207",
}
REJECTED = frozenset(  # the message as such is not ours to take: AR; all others are AE
    {
        Reason.NOT_HL7,
        Reason.TOO_LARGE,
        Reason.CHARSET_UNKNOWN,
        Reason.CHARSET_BROKEN,
        Reason.TYPE_UNSUPPORTED,
        Reason.EVENT_UNSUPPORTED,
        Reason.NOT_FOR_REAL,
        Reason.VERSION_UNSUPPORTED,
        Reason.SENDER_UNKNOWN,
        Reason.NUMBER_USED,
    }
)
WORDS: dict[Reason, Promise] = {
    Reason.NOT_HL7: _("This is not an HL7 v2 message. Ask the makers of the other system to look at it."),
    Reason.TOO_LARGE: _(
        "The message is larger than a mebibyte. Ask the makers of the other system to split it."
    ),
    Reason.CHARSET_UNKNOWN: _(
        "The message is in a character set that is not supported. Ask for UNICODE UTF-8 in MSH-18."
    ),
    Reason.CHARSET_BROKEN: _(
        "The message holds characters that do not belong to the character set it names in MSH-18. "
        "Ask the makers of the other system to correct the setting."
    ),
    Reason.SEGMENT_MISSING: _("A segment is missing that this kind of message needs."),
    Reason.FIELD_MISSING: _("A field is empty that this kind of message needs."),
    Reason.VALUE_WRONG: _("A field holds something that does not belong there."),
    Reason.TIME_WRONG: _("A date or time cannot be read."),
    Reason.TIME_UNCLEAR: _(
        "A time falls into the hour in which clocks are changed. "
        "Ask for times with their offset, such as +0100."
    ),
    Reason.TYPE_UNSUPPORTED: _(
        "Teleward does not take this kind of message. Switch it off in the other system."
    ),
    Reason.EVENT_UNSUPPORTED: _("Teleward does not take this event. Switch it off in the other system."),
    Reason.NOT_FOR_REAL: _("The message is marked as a test. Here only real ones (MSH-11 is P) are taken."),
    Reason.VERSION_UNSUPPORTED: _("The message is of another version than HL7 2.1 to 2.9."),
    Reason.SENDER_UNKNOWN: _("This system is not registered here. An administrator can register it."),
    Reason.NUMBER_USED: _(
        "The number in MSH-10 was used before for another message. Each message needs its own."
    ),
    Reason.PATIENT_UNKNOWN: _(
        "No patient here has this number. Send an A04 or A08 first, or enter the patient."
    ),
    Reason.PATIENT_UNCERTAIN: _(
        "It is not certain whose file is meant: what the message says belongs to more than one person here. "
        "Look at the files. Put right what is wrong, or say that they are one person. Then apply it again."
    ),
    Reason.IDENTIFIER_WRONG: _("The check digit of a number is wrong. It was probably mistyped."),
    Reason.PRACTITIONER_UNKNOWN: _(
        "It is not known who of the practice is meant. Name them on the page of the system."
    ),
    Reason.NOT_POSSIBLE: _(
        "This is not possible as things stand, for example because the time is already taken."
    ),
    Reason.OURS: _("Something went wrong here. The message is kept: apply it again."),
}


class MessageRefused(Problem):
    """A message that is not taken: why, and where in it (`PID-3`). Holds nothing of its content.

    `about` is what a sender calls somebody of the practice, where nobody is known by it.
    """

    code: ClassVar[str] = "records:hl7-refused"
    status: ClassVar[int] = 422
    message = _("This message cannot be taken. The reason stands beside it in the list.")

    def __init__(self, reason: Reason, place: str = "", *, about: str = "") -> None:
        super().__init__(WORDS[reason])
        self.reason, self.place, self.about = reason, place, about
