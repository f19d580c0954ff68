"""Notes of visits, and what is of visits kept closer: how staff, and programs in their name, may read them.

A program of its own reads what its scopes say; a patient reads their own record.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from teleward.access.grants import Action, ActorKind, weigh
from teleward.records.queries.closer import OF_VISITS, as_closer, keys_of_visits
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

VISITS = """SELECT visit, patient_id FROM access_closervisit_key
WHERE patient_id = ANY($1::uuid[]) AND category <> ''"""
THEIRS = """SELECT c.logical_id FROM records_current c
WHERE c.logical_id = ANY($1::uuid[]) AND c.keys && $2::bigint[]"""
ANY = """SELECT 1 FROM access_closervisit_key z JOIN access_patient_key p ON p.id = z.patient_id
WHERE p.organisation_id = $1::uuid AND z.category <> '' LIMIT 1"""


async def readable(x: Exchange, rows: Sequence[Row]) -> list[Row]:
    """These rows without notes that who asks may not read."""
    found = {row.id: row.patient for row in rows if row.kind == KIND and row.patient is not None}
    notes = await _hidden(x, found) if found else frozenset()
    closer = await _closer(x, {row.id: row.patient for row in rows if row.kind in OF_VISITS and row.patient})
    return [
        row
        for row in rows
        if not (row.kind == KIND and row.id in notes) and not (row.kind in OF_VISITS and row.id in closer)
    ]


async def must_be_readable(x: Exchange, kind: str, logical_id: UUID, stands: Stands) -> None:
    """Raises Unknown for a note that who asks may not read."""
    if await hidden(x, kind, logical_id, stands):
        raise Unknown


async def hidden(x: Exchange, kind: str, logical_id: UUID, stands: Stands) -> bool:
    """Whether it is a note, or of a visit kept closer, that who asks may not read."""
    if kind not in OF_VISITS or stands.patient is None:
        return False
    own = {logical_id: stands.patient}
    return bool((kind == KIND and await _hidden(x, own)) or await _closer(x, own))


async def may_hide(x: Exchange, kind: str) -> bool:
    """Whether some of this type may be hidden from who asks, so that not even a number is told."""
    if kind not in OF_VISITS or not _is_for_staff(x):
        return False
    return kind == KIND or bool(await x.session.ask(ANY, [x.practice]))


def _is_for_staff(x: Exchange) -> bool:
    return (x.actor.behalf or x.actor).kind is ActorKind.STAFF


async def _hidden(x: Exchange, found: dict[UUID, UUID]) -> frozenset[UUID]:
    if not _is_for_staff(x):
        return frozenset()
    key = x.digests.of(f"{KIND}.type", NOTE)
    notes = {row[0] for row in await x.session.ask(NOTES, [list(found), key], practice=x.practice)}
    closed = await _closed(x, {found[note] for note in notes})
    return frozenset(note for note in notes if found[note] in closed)


async def _closer(x: Exchange, found: dict[UUID, UUID]) -> frozenset[UUID]:
    """Of these, by id and patient, what is of visits kept closer and not for who asks."""
    if not found or not _is_for_staff(x):
        return frozenset()
    visits = await x.session.ask(VISITS, [list(set(found.values()))])
    if not visits:
        return frozenset()
    keys = keys_of_visits(digests=x.digests, visits=[visit for visit, _patient in visits])
    rows = await x.session.ask(THEIRS, [list(found), keys], practice=x.practice)
    closed = await _closed(x, {patient for _visit, patient in visits}, Action.RECORD_READ)
    return frozenset(each for (each,) in rows if found[each] in closed)


async def _closed(x: Exchange, patients: Iterable[UUID], action: Action = Action.NOTE_READ) -> set[UUID]:
    """Of these patients those whose notes, or what is of visits kept closer, the person may not read."""
    subjects = [x.of_patient(KIND, "r", patient, x.practice) for patient in patients]
    if action is not Action.NOTE_READ:
        subjects = [as_closer(subject=each) for each in subjects]
    if not subjects:
        return set()
    said = await weigh(
        ask=x.session.ask,
        actor=x.actor.behalf or x.actor,
        action=action,
        subjects=subjects,
        circumstances=x.circumstances,
    )
    return {each.asked.subject.patient for each in said if not each.allowed and each.asked.subject.patient}
