"""Notes of visits among the documents: staff, and programs in their name, read them as notes.

A program of its own reads what its scopes say; a patient reads their own record.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from teleward.access.grants import Action, ActorKind, weigh
from teleward.records.queries.notes import KIND, MADE_HERE, NOTE

from .exchange import Exchange, Stands
from .problems import Unknown
from .rows import Row

# $1: logical ids, $2: the key of the type of notes. A program's version over one of ours hides what it was.
NOTES = f"""SELECT c.logical_id FROM records_current c JOIN records_version_key v ON v.id = c.newest
WHERE c.type = '{KIND}' AND c.logical_id = ANY($1::uuid[])
AND (v.deed <> '{MADE_HERE}' OR c.keys @> ARRAY[$2::bigint])
AND EXISTS (SELECT FROM records_version_key m
    WHERE m.type = c.type AND m.logical_id = c.logical_id AND m.deed = '{MADE_HERE}')"""  # noqa: S608 - constants


async def readable(x: Exchange, rows: Sequence[Row]) -> list[Row]:
    """These rows without notes that who asks may not read."""
    found = {row.id: row.patient for row in rows if row.kind == KIND and row.patient is not None}
    kept_back = await _hidden(x, found) if found else frozenset()
    return [row for row in rows if row.kind != KIND or row.id not in kept_back]


async def must_be_readable(x: Exchange, kind: str, logical_id: UUID, stands: Stands) -> None:
    """Raises Unknown for a note that who asks may not read."""
    if await hidden(x, kind, logical_id, stands):
        raise Unknown


async def hidden(x: Exchange, kind: str, logical_id: UUID, stands: Stands) -> bool:
    """Whether it is a note that who asks may not read."""
    if kind != KIND or stands.patient is None:
        return False
    return bool(await _hidden(x, {logical_id: stands.patient}))


def may_hide(x: Exchange, kind: str) -> bool:
    """Whether some of this type may be notes hidden from who asks, so that not even a number is told."""
    return kind == KIND and (x.actor.behalf or x.actor).kind is ActorKind.STAFF


async def _hidden(x: Exchange, found: dict[UUID, UUID]) -> frozenset[UUID]:
    if not may_hide(x, KIND):
        return frozenset()
    key = x.digests.of(f"{KIND}.type", NOTE)
    notes = {row[0] for row in await x.session.ask(NOTES, [list(found), key], practice=x.practice)}
    closed = await _closed(x, {found[note] for note in notes})
    return frozenset(note for note in notes if found[note] in closed)


async def _closed(x: Exchange, patients: Iterable[UUID]) -> set[UUID]:
    """Of these patients those whose notes the person may not read."""
    subjects = [x.of_patient(KIND, "r", patient, x.practice) for patient in patients]
    if not subjects:
        return set()
    said = await weigh(
        ask=x.session.ask,
        actor=x.actor.behalf or x.actor,
        action=Action.NOTE_READ,
        subjects=subjects,
        circumstances=x.circumstances,
    )
    return {each.asked.subject.patient for each in said if not each.allowed and each.asked.subject.patient}
