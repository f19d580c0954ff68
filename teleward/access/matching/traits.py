"""What is known of somebody, as far as two files are compared by it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from teleward.access.matching.names import parts, sound

Digest = bytes


class Kind(StrEnum):
    """What a keyed hash for finding is of."""

    NAMES = "names"  # the sounds of both names, in either order
    BIRTH = "birth"  # the date of birth, day and month in either order, with the sound of one name
    EMAIL = "email"
    TELEPHONE = "telephone"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Traits:
    """Names in parts, the date of birth, and keyed hashes of what is sealed."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    born_on: date
    email: Digest | None = None
    telephone: Digest | None = None
    numbers: Mapping[str, frozenset[Digest]] = field(default_factory=dict)  # by system


def traits(given_name: str, family_name: str, born_on: date) -> Traits:
    """What an entry says at once."""
    return Traits(given=parts(given_name), family=parts(family_name), born_on=born_on)


def blocks(one: Traits) -> Iterator[tuple[Kind, str]]:
    """Only who has one of these in common is compared, so that nobody is compared with everybody.

    A wrong date of birth leaves the sounds of both names, a new family name the date and the given name.
    """
    given, family = sound(one.given[0]) if one.given else "", [sound(each) for each in one.family]
    day = one.born_on
    born = f"{day.year} {min(day.day, day.month)} {max(day.day, day.month)}"
    for each in sorted({given, *family}):
        yield Kind.BIRTH, f"{born} {each}"
    for each in sorted(set(family)):
        yield Kind.NAMES, " ".join(sorted((given, each)))


def email_text(email: str) -> str:
    """The address as it is compared."""
    return email.strip().casefold()


def telephone_text(telephone: str) -> str:
    """The last seven digits, whatever stands before them; empty for fewer than six."""
    digits = "".join(each for each in telephone if each.isascii() and each.isdigit())
    return digits[-7:] if len(digits) >= 6 else ""
