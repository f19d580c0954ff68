"""Escape sequences (HL7 2.5.1, 2.7): what a delimiter inside of a text is written as."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from teleward.records.hl7.charsets import UNWANTED


@dataclass(frozen=True)
class Delimiters:
    """The five signs of one message, as MSH-1 and MSH-2 say them."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @property
    def encoding(self) -> str:
        """MSH-2."""
        return f"{self.component}{self.repetition}{self.escape}{self.subcomponent}"


USUAL: Final = Delimiters()
BREAKS: Final = {
    ".br": "\n",
    ".sp": "\n",
    ".in": "",
    ".ti": "",
    ".fi": "",
    ".nf": "",
    ".ce": "\n",
    "H": "",
    "N": "",
}


def plain(text: str, signs: Delimiters = USUAL, codec: str = "utf-8") -> str:
    """The text with its sequences resolved; one that we do not know stays as it stands."""
    if signs.escape not in text:
        return text
    found = _sequence(signs.escape).sub(lambda each: _meant(each[1], each[0], signs, codec), text)
    return UNWANTED.sub("", found)


def escaped(text: str, signs: Delimiters = USUAL) -> str:
    """The text as it may stand in a message: no delimiter, no line end."""
    letters = {
        signs.escape: "E",
        signs.field: "F",
        signs.component: "S",
        signs.subcomponent: "T",
        signs.repetition: "R",
    }
    whole = "\n".join(UNWANTED.sub("", text).splitlines())
    safe = "".join(
        f"{signs.escape}{letters[each]}{signs.escape}" if each in letters else each for each in whole
    )
    return safe.replace("\n", f"{signs.escape}.br{signs.escape}")


@lru_cache(maxsize=64)
def _sequence(escape: str) -> re.Pattern[str]:
    sign = re.escape(escape)
    return re.compile(f"{sign}([^{sign}]{{1,200}}){sign}")


def _meant(word: str, whole: str, signs: Delimiters, codec: str) -> str:
    letters = {
        "F": signs.field,
        "S": signs.component,
        "T": signs.subcomponent,
        "R": signs.repetition,
        "E": signs.escape,
    }
    if word in letters:
        return letters[word]
    if word[0] == "X":
        return _from_hexadecimal(word[1:], whole, codec)
    return BREAKS.get(word[:3] if word[0] == "." else word, whole)


def _from_hexadecimal(digits: str, whole: str, codec: str) -> str:
    try:
        return bytes.fromhex(digits).decode(codec)
    except ValueError:
        return whole
