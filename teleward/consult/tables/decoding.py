"""From bytes to rows: the character set, the separator, the quotes."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass

from .limits import LOOKED_AT, MOST_BYTES, MOST_COLUMNS, MOST_LETTERS, MOST_ROWS
from .problems import TableEmpty, TableIsWorkbook, TableRefused, TableTooLarge

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # a workbook of Excel or LibreOffice; of Excel before 2007
SEPARATORS = (";", ",", "\t", "|")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection: what a spreadsheet would work out
Cells = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """One row with the number that a spreadsheet shows beside it, the first is 1."""

    number: int
    cells: Cells


def rows_of(content: bytes) -> list[Numbered]:
    """Every row that is not empty. Raises TableRefused, whose kinds say what to do."""
    if len(content) > MOST_BYTES:
        raise TableTooLarge
    if content.startswith(ARCHIVES):
        raise TableIsWorkbook
    text = text_of(content)
    told, text = _told_separator(text)
    found = _rows(text, told or separator_of(text), first=2 if told else 1)
    if not found:
        raise TableEmpty
    return found


def text_of(content: bytes) -> str:
    """The letters: by the mark at the beginning, else UTF-8, else Windows's. Raises TableRefused."""
    names = [name for mark, name in MARKED if content.startswith(mark)] or _unmarked(content)
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableRefused


def separator_of(text: str) -> str:
    """The one that divides the first rows into the same number of columns, the most if several do."""
    counts = {mark: _evenness(text, mark) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: counts[mark])


def written(rows: list[Cells]) -> bytes:
    """Rows as CSV that a spreadsheet reads and works nothing out of: UTF-8 with its mark, semicolons."""
    lines = [";".join(_quoted(_harmless(cell)) for cell in row) for row in rows]
    return codecs.BOM_UTF8 + "".join(f"{line}\r\n" for line in lines).encode()


def _unmarked(content: bytes) -> list[str]:
    start = content[:200]
    if start[1::2].count(0) > len(start) // 4:
        return ["utf-16-le"]
    if start[::2].count(0) > len(start) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _told_separator(text: str) -> tuple[str, str]:
    """What Excel writes in a first line of its own: `sep=;`."""
    first, _end, rest = text.partition("\n")
    told = first.strip().strip('"').lower()
    return (told[4], rest) if told.startswith("sep=") and len(told) == 5 else ("", text)


def _evenness(text: str, mark: str) -> tuple[int, int]:
    """In how many of the first rows it gives the same number of columns, and that number."""
    try:
        lengths = [
            len(row) for row, _number in zip(_parsed(text, mark), range(LOOKED_AT), strict=False) if row
        ]
    except csv.Error:
        return 0, 0
    usual = max(set(lengths), key=lengths.count, default=0)
    return (lengths.count(usual), usual) if usual > 1 else (0, 0)


def _rows(text: str, mark: str, *, first: int) -> list[Numbered]:
    found: list[Numbered] = []
    try:
        for number, row in enumerate(_parsed(text, mark), start=first):
            cells = tuple(_plain(cell) for cell in row)
            if len(cells) > MOST_COLUMNS or len(found) > MOST_ROWS:
                raise TableTooLarge
            if any(cells):
                found.append(Numbered(number=number, cells=cells))
    except csv.Error as broken:
        raise TableRefused from broken
    return found


def _parsed(text: str, mark: str) -> Iterator[list[str]]:
    return csv.reader(text.splitlines(keepends=True), delimiter=mark)


def _plain(cell: str) -> str:
    """Without space around it, and without the apostrophe that keeps a spreadsheet from working it out."""
    text = " ".join(cell.replace("\u00a0", " ").split())[:MOST_LETTERS]
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
