"""What becomes of a resource that is brought."""

from enum import StrEnum


class Outcome(StrEnum):
    """The end of one line."""

    KEPT = "kept"
    SAME = "same"  # was here already, exactly so
    WAITS = "waits"  # nobody whom its bringer may be shown has the patient's numbers
    LEFT = "left"  # nothing is wrong with it, and it is not for the chart
    REFUSED = "refused"


class Reason(StrEnum):
    """Why it is not kept; "" where it is."""

    NONE = ""
    UNREADABLE = "unreadable"
    INVALID = "invalid"
    UNKNOWN_TYPE = "unknown-type"
    OURS = "ours"
    NOBODYS = "nobodys"
    SEVERAL = "several"
    REMOVAL = "removal"
    NO_PATIENT = "no-patient"
    SHARED = "shared"
    ERASED = "erased"
    ANOTHERS = "anothers"
    FAULT = "fault"
    MATCHED = "matched"
