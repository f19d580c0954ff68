"""A table as a CSV file that a spreadsheet opens without running anything. Pure.

RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read umlauts. A cell that a spreadsheet would
take for a formula (OWASP, CSV injection) begins with an apostrophe; a number stays one, also below zero.
"""

import csv
import io
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from teleward.devices.plots import Plot

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def written(plot: Plot, *, zone: ZoneInfo) -> bytes:
    """All lines of the table of one code, the newest first; times with their distance from UTC (ISO 8601)."""
    head = [_("When"), _("Values"), _("Lowest"), _("Mean"), _("Highest"), _("Unit"), "LOINC"]
    rows = [
        [
            row.at.astimezone(zone).isoformat(timespec="seconds"),
            str(row.n),
            row.low or row.high,
            row.mean or row.high,
            row.high,
            plot.unit,
            plot.code,
        ]
        for row in plot.rows
    ]
    return lines([head, *rows])


def lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of text as the file."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return (MARK + into.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell as a spreadsheet may have it."""
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell
