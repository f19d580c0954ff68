"""What a PDF does by itself: a step to a page of its own is harmless, everything else is refused (12.6)."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from .names import ENDED, spelled
from .problems import HoldsProgram

LONGEST_STEP: Final = 2_048  # bytes of an action that is looked at
SHORT = ("JS", "AA", "EF")  # scripts, what follows from events, files; not looked for in pictures: too short
BY_ITSELF = re.compile(spelled(*SHORT) + ENDED)
OPENS = re.compile(spelled("OpenAction") + ENDED + rb"\s*")
REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
NUMBERED = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b\s*")
SORT = re.compile(spelled("S") + ENDED + rb"\s*")
TO_A_PAGE = re.compile(spelled("GoTo") + ENDED)
NEXT = re.compile(spelled("Next") + ENDED)
PLACE = re.compile(rb"\[|\(|<(?!<)|/|null\b")  # a destination, by itself or by its name
BRACKETS = re.compile(rb"<<|>>")


def opened_by(text: bytes) -> set[int]:
    """Numbers of the objects this text opens by itself. Raises HoldsProgram where it does more than that."""
    if BY_ITSELF.search(text):
        raise HoldsProgram
    numbers: set[int] = set()
    for found in OPENS.finditer(text):
        step = text[found.end() : found.end() + LONGEST_STEP]
        named = REFERENCE.match(step)
        if named:
            numbers.add(int(named[1]))
        else:
            must_stay([step])
    return numbers


def must_stay(steps: Iterable[bytes]) -> None:
    """Raises HoldsProgram where one of these leads anywhere but to a page of its own."""
    if not all(PLACE.match(step) or _is_to_a_page(_dictionary(step)) for step in steps):
        raise HoldsProgram


def objects_among(text: bytes, numbers: set[int]) -> Iterator[bytes]:
    """Whatever has one of these numbers, in any version of the file. `text`: it without its streams."""
    for found in NUMBERED.finditer(text) if numbers else ():
        if int(found[1]) in numbers:
            yield text[found.end() : found.end() + LONGEST_STEP]


def objects_folded(text: bytes, first: int, numbers: set[int]) -> Iterator[bytes]:
    """The same in a stream of objects (7.5.7): a table of numbers and places, then objects."""
    table = [int(each) for each in text[:first].split() if each.isdigit() and len(each) <= 10]
    for number, place in zip(table[::2], table[1::2], strict=False):
        if number in numbers:
            yield text[first + place : first + place + LONGEST_STEP]


def _is_to_a_page(action: bytes) -> bool:
    sorts = [TO_A_PAGE.match(action, found.end()) for found in SORT.finditer(action)]
    return bool(sorts) and all(sorts) and not NEXT.search(action)


def _dictionary(text: bytes) -> bytes:
    depth = 0
    for found in BRACKETS.finditer(text):
        depth += 1 if found[0] == b"<<" else -1
        if depth <= 0:
            return text[: found.end()] if text.startswith(b"<<") else b""
    return b""
