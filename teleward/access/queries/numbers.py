"""Whether a number can be what it says it is: nobody's data, only digits."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.identifiers import kvnr
from teleward.access.identifiers.kinds import Wrong, WrongNumber
from teleward.access.identifiers.kinds import normalised as _normalised
from teleward.access.identifiers.kinds import recognised as _recognised
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant


class IdentifierWrong(Problem):
    """The number is not one of its kind: its check digit, its length or its system is wrong."""

    code = "access:identifier-wrong"
    status = 422
    message = _("The last digit does not fit. Please compare with the card.")


MESSAGES: dict[Wrong, str | Promise] = {
    Wrong.DIGIT: _("The last digit does not fit. Please compare with the card."),
    Wrong.SHAPE: _(
        "This is not a whole number. An insurance number has one letter and nine digits, an NHS number has"
        " ten digits. Please compare with the card."
    ),
    Wrong.SYSTEM: _("Please enter the other system as an address, such as urn:oid:1.2.276.0.76.3."),
}


@without_grant("Digits alone: whether they fit each other.")
def is_kvnr(number: object) -> bool:
    """Whether the letter, the digits and the check digit of a German insurance number fit (§ 290 SGB V)."""
    return isinstance(number, str) and bool(kvnr.SHAPE.fullmatch(number)) and kvnr.fits(number)


@without_grant("Digits alone: the one way to write a number.")
def normalised(*, system: str, value: str) -> str:
    """The number as it is kept. Raises IdentifierWrong."""
    try:
        return _normalised(system, value)
    except WrongNumber as wrong:
        raise IdentifierWrong(MESSAGES[wrong.why]) from wrong


@without_grant("Digits alone: what kind of number stands on a card.")
def recognised(*, value: str) -> tuple[str, str]:
    """The system and the number of what was read from a card. Raises IdentifierWrong."""
    try:
        return _recognised(value)
    except WrongNumber as wrong:
        raise IdentifierWrong(MESSAGES[wrong.why]) from wrong
