"""ADT A40: two numbers are one person."""

from uuid import UUID

from teleward.access.grants import Action
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.merging import AlreadyOne, TiersDiffer, merge
from teleward.kernel.openings import without_grant
from teleward.records.hl7.facts import Number
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.operations.hl7.people import Work, found_by, numbers_of


@without_grant("Inside of taking a message; each step asks the gate.")
def merge_files(work: Work, kept: UUID, gone: tuple[Number, ...]) -> None:
    """What is kept under the numbers that are gone belongs to this patient. Raises MessageRefused.

    A number that nobody has here is given to the patient, so that what still comes under it finds them.
    """
    numbers, _wrong = numbers_of(work.sender, gone)
    if not numbers:
        raise MessageRefused(Reason.IDENTIFIER_WRONG, "MRG-1")
    other = found_by(work.sender, numbers)
    if other is None:
        changing = work.asks(Action.PATIENT_CHANGE, patient=kept)
        for system, value in numbers:
            give_identifier(grant=changing, patient=kept, system=system, value=value)
    elif other != kept:
        _joined(work, kept, other)


def _joined(work: Work, kept: UUID, gone: UUID) -> None:
    try:
        merge(grant=work.asks(Action.PATIENT_MERGE, patient=kept), kept=kept, gone=gone, why="message")
    except (AlreadyOne, TiersDiffer) as otherwise:  # said otherwise before, or not for a message to say
        raise MessageRefused(Reason.PATIENT_UNCERTAIN, "MRG-1") from otherwise
