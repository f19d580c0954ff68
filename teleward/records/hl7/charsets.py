"""The character sets of MSH-18 (HL7 table 0211): strictly read, never guessed, nothing replaced."""

import re
from typing import Final

from teleward.records.hl7.reasons import MessageRefused, Reason

USUAL: Final = "UNICODE UTF-8"  # what we write
PARTS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)  # of ISO 8859; there is no twelfth
CODECS: Final[dict[str, str]] = {
    "ASCII": "ascii",
    "ISO IR6": "ascii",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    "KS X 1001": "euc_kr",
    "WINDOWS-1250": "cp1250",
    "WINDOWS-1251": "cp1251",
    "WINDOWS-1252": "cp1252",
    **{f"8859/{part}": f"iso8859-{part}" for part in PARTS},
    **{f"ISO-8859-{part}": f"iso8859-{part}" for part in PARTS},
    **{f"ISO8859-{part}": f"iso8859-{part}" for part in PARTS},
}
NAMES: Final = (
    "ASCII",
    *(f"8859/{part}" for part in PARTS),
    "UNICODE UTF-8",
    "GB 18030-2000",
    "BIG-5",
    "KS X 1001",
)
MSH_18: Final = 17  # of the pieces of the first line: MSH-1 is the separator itself
UNWANTED: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def codec_of(name: str) -> str:
    """Python's name of a character set of table 0211. Raises MessageRefused."""
    codec = CODECS.get(name.strip().upper())
    if codec is None:
        raise MessageRefused(Reason.CHARSET_UNKNOWN, "MSH-18")
    return codec


def named_in(message: bytes, *, otherwise: str) -> str:
    """The name of the character set that the message says it is in, or `otherwise` where it says nothing.

    Every set that we take writes the delimiters as ASCII does, so the first line can be looked at before.
    """
    line = re.split(rb"[\r\n]", message, maxsplit=1)[0]
    pieces = line.split(line[3:4]) if len(line) > 4 else []
    field = pieces[MSH_18] if len(pieces) > MSH_18 else b""
    name = field.split(line[5:6])[0] if line[5:6].strip() else field
    return name.decode("ascii", "replace").strip() or otherwise


def decoded(message: bytes, *, otherwise: str = "ASCII") -> tuple[str, str]:
    """The text of the message and the name of its character set. Raises MessageRefused."""
    name = named_in(message, otherwise=otherwise)
    try:
        text = message.decode(codec_of(name))
    except UnicodeDecodeError as broken:
        raise MessageRefused(Reason.CHARSET_BROKEN, "MSH-18") from broken
    if UNWANTED.search(text):
        raise MessageRefused(Reason.CHARSET_BROKEN)
    return text, name
