"""FHIR's primitive types (R4, datatypes.html): text as it was written, numbers with every digit.

Dates stay text, because `2024`, `2024-05` and `2024-05-01T10:00:00+02:00` are different statements.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, get_args

from msgspec import Meta

_YEAR = r"(?:[1-9]\d{3}|0[1-9]\d\d|00[1-9]\d|000[1-9])"
_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_DAY = (
    rf"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    rf"|02-(?:0[1-9]|1\d|2[0-8]))|{_LEAP})"
)
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_SIGN = (
    r"[A-Za-z0-9+/]\s*+"  # nothing is tried twice: ten megabytes would otherwise take two gigabytes to read
)
_PARTIAL = rf"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"

String = Annotated[str, Meta(min_length=1)]
Markdown = Annotated[str, Meta(min_length=1)]
Xhtml = Annotated[str, Meta(min_length=1)]
Boolean = bool
Integer = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
UnsignedInt = Annotated[int, Meta(ge=0, le=2**31 - 1)]
PositiveInt = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Id = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9.\-]{1,64}\Z")]
Instant = Annotated[str, Meta(pattern=rf"\A{_DAY}T{_CLOCK}{_ZONE}\Z")]
DateTime = Annotated[str, Meta(pattern=rf"\A(?:{_DAY}(?:T{_CLOCK}{_ZONE})?|{_PARTIAL})\Z")]
Date = Annotated[str, Meta(pattern=rf"\A(?:{_DAY}|{_PARTIAL})\Z")]
Time = Annotated[str, Meta(pattern=rf"\A{_CLOCK}\Z")]
Base64Binary = Annotated[
    str,
    Meta(pattern=rf"\A\s*+(?:{_SIGN * 4})*+(?:{_SIGN * 2}={{2}}|{_SIGN * 3}=)?+\s*+\Z"),
]

LOOKS = {
    note.pattern: words
    for alias, words in (
        (Id, "1 to 64 letters, digits, hyphens and dots"),
        (Instant, "a date and time to the second with time zone, such as 2024-05-01T10:00:00+02:00"),
        (DateTime, "a real date, such as 2024, 2024-05 or 2024-05-01, or with a time and its zone"),
        (Date, "a real date, such as 2024, 2024-05 or 2024-05-01"),
        (Time, "a time such as 10:00:00"),
        (Base64Binary, "base64"),
    )
    for note in get_args(alias)[1:]
}

# These repeat from one resource to the next; a struct remembers what it has checked: see `rules.spelled`.
Code = Annotated[str, Meta(min_length=1, extra={"spelling": "code"})]
Uri = Annotated[str, Meta(min_length=1, extra={"spelling": "uri"})]
Url = Annotated[str, Meta(min_length=1, extra={"spelling": "url"})]
Canonical = Annotated[str, Meta(min_length=1, extra={"spelling": "canonical"})]
Oid = Annotated[str, Meta(min_length=1, extra={"spelling": "oid"})]
Uuid = Annotated[str, Meta(min_length=1, extra={"spelling": "uuid"})]

Pointer = Annotated[str, Meta(min_length=1, extra={"spelling": "reference"})]

RELATIVE = re.compile(
    r"(?:https?://\S+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?"
)
SEARCHING = re.compile(r"(?P<type>[A-Z][A-Za-z]+)\?\S+")  # in a transaction: the one that is found so
_ABSOLUTE = r"#\S*|urn:uuid:[0-9a-fA-F-]{36}|urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+|[a-z][a-z0-9+.\-]*:\S+"
_NO_SPACE = re.compile(r"\S+")
SPELLINGS = {
    "reference": re.compile(
        "|".join(re.sub(r"\?P<\w+>", "?:", p.pattern) for p in (RELATIVE, SEARCHING)) + "|" + _ABSOLUTE
    ),
    "code": re.compile(r"\S+(?:\s\S+)*"),
    "uri": _NO_SPACE,
    "url": _NO_SPACE,
    "canonical": _NO_SPACE,
    "oid": re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+"),
    "uuid": re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
}
EXPECTED = {
    "reference": "Type/id, an address, urn:uuid:… or #id",
    "code": "a code without space at its ends and without two spaces in a row",
    "uri": "an address without space in it",
    "url": "an address without space in it",
    "canonical": "an address without space in it",
    "oid": "urn:oid: and numbers with dots",
    "uuid": "urn:uuid: and a UUID in small letters",
}


def spelling_of(hint: object) -> str | None:
    """Which of `SPELLINGS` a type has to follow, if any."""
    for note in getattr(hint, "__metadata__", ()):
        if isinstance(note, Meta) and note.extra:
            return str(note.extra["spelling"])
    return None


def exact(text: str) -> Decimal:
    """A number of JSON with every digit. Raises ValueError where its exponent is beyond what can be held."""
    try:
        return Decimal(text)
    except InvalidOperation as beyond:
        raise ValueError(TOO_LARGE) from beyond


TOO_LARGE = "a number has too many places"
