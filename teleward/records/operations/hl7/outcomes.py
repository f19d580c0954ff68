"""What became of a message, in one word, and why."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from teleward.records.hl7.reasons import MessageRefused, Reason

WAITS: Final = frozenset(  # kept here for a person or a later try: answered AA, so that it is not sent again
    {Reason.PATIENT_UNCERTAIN, Reason.PRACTITIONER_UNKNOWN, Reason.NOT_POSSIBLE, Reason.OURS}
)
SETTLED: Final = frozenset({"applied", "passed", "older", "dropped"})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`word` is applied, passed (to the calendar), older, waiting, refused or dropped (by a person)."""

    word: str
    reason: Reason | None = None
    place: str = ""
    about: str = ""
    patient: UUID | None = None
    files: frozenset[UUID] = frozenset()  # of everybody it may be about, where it is not done

    @property
    def refusal(self) -> Reason | None:
        """What the sender is told: only what it has to act upon."""
        return self.reason if self.word == "refused" else None


def of_refusal(refused: MessageRefused) -> Outcome:
    """The outcome of a message that could not be applied."""
    word = "waiting" if refused.reason in WAITS else "refused"
    return Outcome(word=word, reason=refused.reason, place=refused.place, about=refused.about)
