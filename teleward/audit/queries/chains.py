"""Reading one patient's chain."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from teleward.audit.ledger import Entry
from teleward.audit.statements import ask

NOTHING_BEFORE = bytes(32)
MOST = 1000  # entries the database gives at once
ERASED: dict[str, Any] = {field.name: "" for field in fields(Entry)} | {"v": 1, "at": "", "detail": {}}


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One stored entry. `body` is the exact text; `facts` the same, parsed.

    Of an erased entry number and leaf remain; body and salt are empty.
    """

    id: UUID
    at: datetime
    number: int
    prev_leaf: bytes
    salt: bytes
    body: str
    leaf: bytes

    @property
    def is_erased(self) -> bool:
        """Whether what the entry said was erased; its leaf, and every proof over it, stands."""
        return not self.salt

    @property
    def facts(self) -> dict[str, Any]:
        """The entry's fields by the names of `ledger.Entry`; empty texts when it was erased."""
        parsed: dict[str, Any] = ERASED if self.is_erased else json.loads(self.body)
        return parsed

    def is_intact(self) -> bool:
        """Whether the leaf is the commitment to this very body, salt, number and predecessor.

        Of an erased entry nobody can say; it counts as intact, and the entry after it still holds its leaf.
        """
        return self.is_erased or (
            leaf_of(salt=self.salt, number=self.number, prev_leaf=self.prev_leaf, body=self.body) == self.leaf
        )


def leaf_of(*, salt: bytes, number: int, prev_leaf: bytes, body: str) -> bytes:
    """The 32-byte RFC 9162 leaf hash of the salted entry hash."""
    entry = hashlib.sha256(salt + number.to_bytes(8, "big") + prev_leaf + body.encode()).digest()
    return hashlib.sha256(b"\x00" + entry).digest()


def of_patient(*, patient: UUID, before: int | None = None, most: int = 200) -> list[LedgerEntry]:
    """The newest entries of one patient, newest first; `before` a number, for the next page."""
    return _rows("SELECT * FROM audit_of_patient($1, $2::bigint, $3::int)", [patient, before, most])


def whole_chain(*, patient: UUID) -> Iterator[LedgerEntry]:
    """Every entry of one patient, newest first, fetched a thousand at a time."""
    page = of_patient(patient=patient, most=MOST)
    while page:
        yield from page
        page = of_patient(patient=patient, before=page[-1].number, most=MOST)


def of_event(*, patient: UUID, event: UUID) -> LedgerEntry | None:
    """One entry of one patient, or None."""
    return next(iter(_rows("SELECT * FROM audit_of_event($1, $2)", [patient, event])), None)


def newest_after(*, moment: datetime) -> datetime | None:
    """When the newest entry after that moment was made, or None."""
    ((newest,),) = ask("SELECT audit_newest_after($1)", [moment])
    return newest if isinstance(newest, datetime) else None


def first_break(*, entries: list[LedgerEntry]) -> int | None:
    """The number at which a chain (newest first, without gaps to its oldest given entry) breaks, or None."""
    for newer, older in zip(entries, [*entries[1:], None], strict=True):
        if not newer.is_intact() or (older and not _follows(newer, older)):
            return newer.number
        if older is None and newer.number == 1 and newer.prev_leaf != NOTHING_BEFORE:
            return newer.number
    return None


def _follows(newer: LedgerEntry, older: LedgerEntry) -> bool:
    return newer.number == older.number + 1 and newer.prev_leaf == older.leaf


def _rows(statement: str, values: Sequence[UUID | int | None]) -> list[LedgerEntry]:
    return [
        LedgerEntry(
            id=event,
            at=at,
            number=number,
            prev_leaf=prev_leaf,
            salt=salt or b"",
            body=body or "",
            leaf=leaf,
        )
        for event, at, number, prev_leaf, salt, body, leaf in ask(statement, values)
    ]
