"""The kinds of numbers, and how one is written so that the same number is always the same text."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from teleward.access.identifiers import kvnr, nhs

LONGEST, LONGEST_SYSTEM = 64, 200
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015./]+")
_SYSTEM = re.compile(r"(urn:[a-z0-9][a-z0-9-]{0,31}:|https?://)[^\s|<>\"]+", re.IGNORECASE)


class Word(Enum):
    """What sort of number it is."""

    KVNR = "kvnr"
    NHS = "nhs"
    MRN = "mrn"  # the number in another system: of a practice, a hospital


class Wrong(Enum):
    """What is wrong with a number."""

    DIGIT = "digit"  # as a whole it looks right, the check digit does not fit
    SHAPE = "shape"
    SYSTEM = "system"


@dataclass(frozen=True)
class Kind:
    """One kind with a check digit."""

    word: Word
    system: str
    shape: re.Pattern[str]
    fits: Callable[[str], bool]


CHECKED = (
    Kind(Word.KVNR, kvnr.SYSTEM, kvnr.SHAPE, kvnr.fits),
    Kind(Word.NHS, nhs.SYSTEM, nhs.SHAPE, nhs.fits),
)
_BY_SYSTEM = {kind.system: kind for kind in CHECKED}


class WrongNumber(ValueError):
    """This is no number of its kind; `why` says what is wrong."""

    def __init__(self, why: Wrong) -> None:
        self.why = why
        super().__init__(why.value)


def word_of(system: str) -> Word:
    """The kind that numbers of this system are."""
    kind = _BY_SYSTEM.get(system)
    return kind.word if kind else Word.MRN


def normalised(system: str, value: str) -> str:
    """The number as it is kept: no spaces, hyphens or small letters where it has a check digit.

    Raises WrongNumber.
    """
    kind = _BY_SYSTEM.get(system)
    if kind:
        return _checked(kind, _tight(value))
    if not _SYSTEM.fullmatch(system) or len(system) > LONGEST_SYSTEM:
        raise WrongNumber(Wrong.SYSTEM)
    text = " ".join(unicodedata.normalize("NFKC", value).split())
    if not 1 <= len(text) <= LONGEST or not text.isprintable():
        raise WrongNumber(Wrong.SHAPE)
    return text


def recognised(value: str) -> tuple[str, str]:
    """The system and the number of what stands on a card. Raises WrongNumber."""
    text = _tight(value)
    for kind in CHECKED:
        if kind.shape.fullmatch(text):
            return kind.system, _checked(kind, text)
    raise WrongNumber(Wrong.SHAPE)


def _tight(value: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", value)).upper()


def _checked(kind: Kind, text: str) -> str:
    if not kind.shape.fullmatch(text):
        raise WrongNumber(Wrong.SHAPE)
    if not kind.fits(text):
        raise WrongNumber(Wrong.DIGIT)
    return text
