"""How much each agreement and each difference says, in bits: log2(m / u), after Fellegi and Sunter.

m is how often two files of one person look so, u how often those of two people do. The numbers are estimates:
u from the size of what is compared (a date of birth within 80 years; name statistics of Germany and England),
m from what is published of registration errors. They order pairs for a person to look at and decide nothing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from teleward.access.identifiers.kinds import Word, word_of
from teleward.access.matching.names import one_slip, short_form_of, sound
from teleward.access.matching.traits import Traits

LIKELY, POSSIBLE = 19.0, 14.0  # bits
DAYS = 80 * 365.25


class Reason(StrEnum):
    """What two files have in common or not: keys of words."""

    NUMBER_SAME = "number-same"
    NUMBER_OTHER = "number-other"
    BORN_SAME = "born-same"
    BORN_TURNED = "born-turned"
    BORN_SLIP = "born-slip"
    BORN_OTHER = "born-other"
    NAMES_TURNED = "names-turned"
    FAMILY_SAME = "family-same"
    FAMILY_ALIKE = "family-alike"
    FAMILY_OTHER = "family-other"
    GIVEN_SAME = "given-same"
    GIVEN_ALIKE = "given-alike"
    GIVEN_OTHER = "given-other"
    EMAIL_SAME = "email-same"
    EMAIL_OTHER = "email-other"
    TELEPHONE_SAME = "telephone-same"
    TELEPHONE_OTHER = "telephone-other"


M_AND_U = {
    Reason.NUMBER_SAME: (0.95, 1e-7),
    Reason.NUMBER_OTHER: (0.02, 1.0),
    Reason.BORN_SAME: (0.95, 1 / DAYS),
    Reason.BORN_TURNED: (0.01, 1 / DAYS),
    Reason.BORN_SLIP: (0.02, 20 / DAYS),  # about twenty days are one digit away
    Reason.BORN_OTHER: (0.02, 1.0),
    Reason.NAMES_TURNED: (0.01, 1e-4),
    Reason.FAMILY_SAME: (0.88, 0.004),
    Reason.FAMILY_ALIKE: (0.07, 0.01),
    Reason.FAMILY_OTHER: (0.05, 0.986),
    Reason.GIVEN_SAME: (0.90, 0.01),
    Reason.GIVEN_ALIKE: (0.06, 0.02),
    Reason.GIVEN_OTHER: (0.04, 0.97),
    Reason.EMAIL_SAME: (0.5, 0.002),  # families share them
    Reason.EMAIL_OTHER: (0.5, 0.998),
    Reason.TELEPHONE_SAME: (0.6, 0.005),
    Reason.TELEPHONE_OTHER: (0.4, 0.995),
}
WEIGHTS = {reason: math.log2(m / u) for reason, (m, u) in M_AND_U.items()}
CHANGES = frozenset({Reason.NUMBER_SAME})  # worth a person's look whatever else differs


@dataclass(frozen=True, kw_only=True)
class Match:
    """How alike two files are, in bits, and why."""

    weight: float
    reasons: tuple[Reason, ...]

    @property
    def is_likely(self) -> bool:
        """So alike that a second file should not be made without a look. Twins are not."""
        return self.weight >= LIKELY and Reason.GIVEN_OTHER not in self.reasons

    @property
    def is_possible(self) -> bool:
        """Alike enough for a person to look at."""
        return self.weight >= POSSIBLE or bool(CHANGES & set(self.reasons))


def compare(one: Traits, other: Traits) -> Match:
    """Holds two files against each other."""
    reasons = (
        *_numbers(one, other),
        _born(one.born_on, other.born_on),
        *_names(one, other),
        *_reach(one, other),
    )
    return Match(weight=sum(WEIGHTS[each] for each in reasons), reasons=reasons)


def _numbers(one: Traits, other: Traits) -> Iterator[Reason]:
    """One number in common says it; in a system where both have one that differs, the opposite."""
    both = one.numbers.keys() & other.numbers.keys()
    if any(one.numbers[system] & other.numbers[system] for system in both):
        yield Reason.NUMBER_SAME
    elif any(word_of(system) is not Word.MRN for system in both):
        yield Reason.NUMBER_OTHER


def _born(one: date, other: date) -> Reason:
    if one == other:
        return Reason.BORN_SAME
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Reason.BORN_TURNED
    digits = zip(one.isoformat(), other.isoformat(), strict=True)
    return Reason.BORN_SLIP if sum(a != b for a, b in digits) == 1 else Reason.BORN_OTHER


def _names(one: Traits, other: Traits) -> tuple[Reason, ...]:
    given, family = _given(one.given, other.given), _family(one.family, other.family)
    crossed = (_family(one.given, other.family), _family(one.family, other.given))
    differs = given is Reason.GIVEN_OTHER or family is Reason.FAMILY_OTHER
    if differs and Reason.FAMILY_OTHER not in crossed:
        return (Reason.NAMES_TURNED,)
    return family, given


def _family(one: tuple[str, ...], other: tuple[str, ...]) -> Reason:
    """A double name has one part in common with the single one."""
    if one == other:
        return Reason.FAMILY_SAME
    near = any(_near(a, b) for a in one for b in other)
    return Reason.FAMILY_ALIKE if near else Reason.FAMILY_OTHER


def _given(one: tuple[str, ...], other: tuple[str, ...]) -> Reason:
    if one[:1] == other[:1]:
        return Reason.GIVEN_SAME
    near = any(_near(a, b) or short_form_of(a, b) or _initial(a, b) for a in one[:2] for b in other[:2])
    return Reason.GIVEN_ALIKE if near else Reason.GIVEN_OTHER


def _near(one: str, other: str) -> bool:
    return one == other or sound(one) == sound(other) or one_slip(one, other)


def _initial(one: str, other: str) -> bool:
    return one[:1] == other[:1] and 1 in {len(one), len(other)}


def _reach(one: Traits, other: Traits) -> Iterator[Reason]:
    if one.email and other.email:
        yield Reason.EMAIL_SAME if one.email == other.email else Reason.EMAIL_OTHER
    if one.telephone and other.telephone:
        yield Reason.TELEPHONE_SAME if one.telephone == other.telephone else Reason.TELEPHONE_OTHER
