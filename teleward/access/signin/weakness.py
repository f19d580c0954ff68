"""Why a password is too easy to guess. No rules about kinds of character; only what guessers try first."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from zxcvbn_rs_py import zxcvbn

from teleward.access.signin.limits import PASSWORD
from teleward.access.signin.text import normalised

_TRADE = [
    "teleward",
    "praxis",
    "praxen",
    "klinik",
    "clinic",
    "practice",
    "hospital",
    "krankenhaus",
    "sprechstunde",
    "consultation",
    "telehealth",
    "telemedizin",
    "telemedicine",
    "patient",
    "patientin",
    "patienten",
    "arzt",
    "ärztin",
    "ärzte",
    "doktor",
    "doctor",
    "physician",
    "nurse",
    "pflege",
    "schwester",
    "medizin",
    "medicine",
    "gesundheit",
    "health",
    "video",
    "passwort",
    "password",
    "kennwort",
    "anmeldung",
    "login",
    "signin",
    "willkommen",
    "welcome",
]
_ROWS = (
    "qwertyuiop",
    "qwertzuiopü",
    "asdfghjkl",
    "asdfghjklöä",
    "zxcvbnm",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
)
_COLUMNS = (
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6zhn",
    "6yhn",
    "7ujm",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qay",
)
_RUN = 4  # as few keys or steps in a row as count as a walk
_READ = 128  # characters the estimator sees; its time grows with the square


class Weakness(Enum):
    """What is wrong with a password, in the order in which it is told."""

    SHORT = "short"
    LONG = "long"
    PERSONAL = "personal"
    TRADE = "trade"
    REPEATED = "repeated"
    DOUBLED = "doubled"
    SEQUENCE = "sequence"
    KEYBOARD = "keyboard"
    NUMBERED = "numbered"
    COMMON = "common"
    STOLEN = "stolen"

    @property
    def sentence(self) -> str | Promise:
        return _SENTENCES[self]


_SENTENCES: dict[Weakness, str | Promise] = {
    Weakness.SHORT: _("This password is too short. Add one or two more words."),
    Weakness.LONG: _("This password is too long. Leave some of it out."),
    Weakness.PERSONAL: _(
        "This password contains your name, your e-mail address or the name of your practice. "
        "Choose words that have nothing to do with you."
    ),
    Weakness.TRADE: _(
        "This password is mostly a word that guessers expect here, such as “practice”. "
        "Add words from somewhere else."
    ),
    Weakness.REPEATED: _("This password repeats one character many times. Use words instead."),
    Weakness.DOUBLED: _("This password is one short word, written more than once. Use different words."),
    Weakness.SEQUENCE: _("This password counts up or down, such as “1234” or “abcd”. Use words instead."),
    Weakness.KEYBOARD: _(
        "This password follows the keys of the keyboard, such as “asdf”. Use words instead."
    ),
    Weakness.NUMBERED: _(
        "This password is one easy word with a year or number beside it. Add two more words."
    ),
    Weakness.COMMON: _(
        "This password, or one very like it, is among the first that guessers try. "
        "Add two words that do not belong together."
    ),
    Weakness.STOLEN: _(
        "This password stands on a list of stolen passwords that guessers use. "
        "Choose one that you use nowhere else."
    ),
}


@dataclass(frozen=True, kw_only=True)
class About:
    """What a guesser would know of the person: names and addresses."""

    words: Iterable[str] = field(default=())

    def parts(self) -> set[str]:
        """The parts long enough to look for, in the form passwords are compared in."""
        found = (form for word in self.words for part in re.split(r"[^\w]+|_", word) for form in _forms(part))
        return {part for part in found if len(part) >= PASSWORD.name_part and not part.isdigit()}


def weakness_of(password: str, *, about: About, alone: bool = False) -> Weakness | None:
    """What makes this password easy to guess, or None. `alone`: it is the only factor."""
    text = normalised(password)
    if len(text) < PASSWORD.shortest(alone=alone):
        return Weakness.SHORT
    if len(text) > PASSWORD.longest:
        return Weakness.LONG
    parts = about.parts()
    if any(part in form for part in parts for form in _forms(text)):
        return Weakness.PERSONAL
    return _patterned(text, alone=alone) or _common(text, parts, alone=alone)


def folded(text: str) -> str:
    """The form in which words are compared: small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _forms(text: str) -> set[str]:
    """Both ways to write a German name without its dots: Loewe and Lowe."""
    small = normalised(text).casefold()
    return {folded(small), folded(small.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))}


def _patterned(text: str, *, alone: bool) -> Weakness | None:
    """The first pattern without which too little would be left."""
    small = text.casefold()
    for weakness, without in _PATTERNS:
        rest = without(small)
        if rest != small and _is_too_little(rest, alone=alone):
            return weakness
    return None


def _is_too_little(rest: str, *, alone: bool) -> bool:
    return len(rest) < PASSWORD.shortest(alone=alone) or _guesses(rest, ()) < PASSWORD.guesses(alone=alone)


def _common(text: str, parts: set[str], *, alone: bool) -> Weakness | None:
    return Weakness.COMMON if _guesses(text, parts) < PASSWORD.guesses(alone=alone) else None


def _guesses(text: str, parts: Iterable[str]) -> float:
    return float(zxcvbn(text[:_READ], sorted(parts)).guesses_log10) if text else 0.0


def _without_trade(text: str) -> str:
    rest = folded(text)
    for word in sorted(map(folded, _TRADE), key=len, reverse=True):
        rest = rest.replace(word, "")
    return _bare(rest) if rest != folded(text) else text


def _bare(text: str) -> str:
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _without_repeats(text: str) -> str:
    return re.sub(r"(.)\1{2,}", r"\1", text)


def _without_doubles(text: str) -> str:
    found = re.fullmatch(r"(.{2,}?)(?:[\W_]?\1)+[\W\d_]*", text, re.DOTALL)
    return found[1] if found else text


def _without_sequences(text: str) -> str:
    return _without_runs(text, _counts)


def _without_walks(text: str) -> str:
    return _without_runs(text, _walks)


def _without_number(text: str) -> str:
    bare = _bare(text)
    return bare if bare.isalpha() else text


def _without_runs(text: str, is_run: Callable[[str], bool]) -> str:
    """The text with each run shortened to its first character."""
    kept, at = [], 0
    while at < len(text):
        end = at + _RUN
        if not is_run(text[at:end]):
            kept.append(text[at])
            at += 1
            continue
        while end < len(text) and is_run(text[end + 1 - _RUN : end + 1]):
            end += 1
        kept.append(text[at])
        at = end
    return "".join(kept)


def _counts(piece: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(piece)}
    return len(piece) == _RUN and (steps in ({1}, {-1}) or piece in {"7890", "0987"})


def _walks(piece: str) -> bool:
    lines = (*_ROWS, *_COLUMNS)
    return len(piece) == _RUN and any(piece in line or piece in line[::-1] for line in lines)


_PATTERNS: tuple[tuple[Weakness, Callable[[str], str]], ...] = (
    (Weakness.REPEATED, _without_repeats),
    (Weakness.DOUBLED, _without_doubles),
    (Weakness.SEQUENCE, _without_sequences),
    (Weakness.KEYBOARD, _without_walks),
    (Weakness.TRADE, _without_trade),
    (Weakness.NUMBERED, _without_number),
)
