"""A resource that was found, before anybody has looked into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

COLUMNS = "c.type, c.logical_id, c.newest, c.patient, c.organisation"


@dataclass(frozen=True, kw_only=True)
class Row:
    """Whose it is, and what the page after it begins with."""

    kind: str
    id: UUID
    newest: UUID
    patient: UUID | None
    practice: UUID
    sorted_by: str = ""


def row_of(columns: Sequence[Any]) -> Row:
    """The row of these columns, with what it is sorted by after them."""
    kind, logical_id, newest, patient, practice, *rest = columns
    return Row(
        kind=kind,
        id=logical_id,
        newest=newest,
        patient=patient,
        practice=practice,
        sorted_by=rest[0] if rest else "",
    )
