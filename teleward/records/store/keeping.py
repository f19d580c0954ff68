"""Versions to be kept, as the statement takes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Written
from teleward.kernel.envelope import seal_under
from teleward.kernel.ids import new_id
from teleward.records.sealing import context_of

from .finding import Found, holder_of


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """One version of one resource; an empty body says that it was removed."""

    kind: str
    logical_id: UUID
    version: int
    patient: UUID | None
    practice: UUID
    body: bytes
    deed: str
    id: UUID = field(default_factory=new_id)
    found: Found = field(default_factory=Found)

    def sealed(self, wrapped: bytes) -> bytes:
        """The body as it is stored, under the patient's key or the practice's."""
        if not self.body:
            return b""
        context = context_of(self.kind, self.logical_id, self.version)
        owner = self.patient or self.practice
        return seal_under(wrapped=wrapped, patient=owner, plaintext=self.body, context=context)


def entry_columns(entries: Iterable[Written]) -> tuple[list[object], ...]:
    """The entries as four columns, in the one order in which everybody waits for the chains of patients."""
    ordered = sorted(entries, key=lambda entry: str(entry.patient or ""))
    return (
        [entry.id for entry in ordered],
        [entry.at for entry in ordered],
        [entry.patient for entry in ordered],
        [entry.body for entry in ordered],
    )


def keep_columns(
    entries: Iterable[Written], versions: Sequence[NewVersion], sealed: Sequence[bytes], at: datetime
) -> tuple[object, ...]:
    """The values of KEEP. All versions are of one practice."""
    holders = [holder_of(each.kind, each.logical_id) for each in versions]
    clear = [holder for holder, each in zip(holders, versions, strict=True) if each.version > 1]
    return (
        *entry_columns(entries),
        versions[0].practice,
        at,
        [each.id for each in versions],
        [each.kind for each in versions],
        [each.logical_id for each in versions],
        [each.version for each in versions],
        [each.patient for each in versions],
        list(sealed),
        [each.deed for each in versions],
        holders,
        [each.found.low for each in versions],
        [each.found.high for each in versions],
        ["{" + ",".join(map(str, sorted(each.found.keys))) + "}" for each in versions],
        [not each.body for each in versions],
        clear,
        *_moments(holders, versions),
        *_amounts(holders, versions),
    )


def _moments(holders: Sequence[UUID], versions: Sequence[NewVersion]) -> tuple[list[object], ...]:
    rows = [(h, *row) for h, each in zip(holders, versions, strict=True) for row in each.found.moments]
    return _columns(rows, 4)


def _amounts(holders: Sequence[UUID], versions: Sequence[NewVersion]) -> tuple[list[object], ...]:
    rows = [(h, *row) for h, each in zip(holders, versions, strict=True) for row in each.found.amounts]
    return _columns(rows, 4)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> tuple[list[object], ...]:
    return tuple([row[place] for row in rows] for place in range(width))
