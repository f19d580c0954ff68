"""How the rows of a list look to the policies."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Model

from teleward.access.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class Row:
    """Where a row keeps what the policies ask about: paths of fields as Django writes them, none nullable."""

    kind: str  # an entity type of the policies with a patient: Patient, Visit, Objection, Case, Erasure
    id: str  # of a visit also where its rows are notes of it
    organisation: str
    patient: str
    category: str = ""  # empty: such rows are of no sensitive category

    def subject(self, row: Model) -> Subject:
        """What the gate would be asked about for this row."""
        return Subject(
            kind=self.kind,
            id=_value(row, self.id),
            organisation=_value(row, self.organisation),
            patient=_value(row, self.patient),
            category=str(_path(self.category)(row)) if self.category else "",
        )


def _value(row: Model, path: str) -> UUID:
    found: UUID = _path(path)(row)
    return found


def _path(path: str) -> Callable[[Model], Any]:
    return attrgetter(path.replace("__", "."))
