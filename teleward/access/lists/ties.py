"""The gate's evidence for several subjects at once: the same statement, one round trip."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from teleward.access.actors import Actor, ActorKind
from teleward.access.evidence import NONE, NORMAL, TIER, Evidence, Standing, fragments
from teleward.access.subjects import Subject
from teleward.kernel.prepared import rows

ASKED = "unnest(%(patients)s::uuid[], %(visits)s::uuid[]) WITH ORDINALITY AS asked(patient, visit, place)"
SORTS = {  # of the values of `asked`, in their order
    "actor": "uuid",
    "organisation": "uuid",
    "session": "uuid",
    "at": "timestamptz",
    "patients": "uuid[]",
    "visits": "uuid[]",
}


def ties(*, actor: Actor, subjects: Sequence[Subject], at: datetime) -> list[Evidence]:
    """The evidence for each subject, in their order."""
    if actor.kind not in {ActorKind.STAFF, ActorKind.PATIENT}:
        return [NONE] * len(subjects)
    wanted = asked(actor=actor, subjects=subjects, at=at)
    found = rows(numbered(actor.kind).encode(), list(wanted.values()))
    return by_place(found, len(subjects))


def asked(*, actor: Actor, subjects: Sequence[Subject], at: datetime) -> dict[str, object]:
    """The values of the statement."""
    return {
        "actor": actor.id,
        "organisation": actor.organisation,
        "session": actor.session,
        "at": at,
        "patients": [subject.patient for subject in subjects],
        "visits": [subject.id if subject.kind == "Visit" else None for subject in subjects],
    }


def by_place(rows: Sequence[tuple[Any, ...]], places: int) -> list[Evidence]:
    """What the statement found, in the order in which the subjects were named."""
    of_place: dict[int, list[Standing]] = {place: [] for place in range(1, places + 1)}
    for place, *found in rows:
        of_place[place].append(Standing(*found))
    return [_evidence(found) for found in of_place.values()]


def _evidence(found: list[Standing]) -> Evidence:
    tiers = [each.kind.removeprefix("tier:") for each in found if each.kind.startswith("tier:")]
    standing = {each.kind: each for each in found if not each.kind.startswith("tier:")}
    return Evidence(standing=standing, tier=tiers[0] if tiers else NORMAL)


@cache
def statement(kind: ActorKind) -> bytes:
    """One round trip for all of them."""
    parts = [*fragments(kind).values(), TIER]
    filled = " UNION ALL ".join(part.format(patient="asked.patient", visit="asked.visit") for part in parts)
    asked = f"SELECT asked.place, f.* FROM {ASKED} CROSS JOIN LATERAL ({filled}) AS f"  # noqa: S608 - constants
    return asked.encode()


@cache
def numbered(kind: ActorKind) -> str:
    """The same with PostgreSQL's own placeholders, for the values of `asked` in their order."""
    every = {name: f"${number}::{sort}" for number, (name, sort) in enumerate(SORTS.items(), start=1)}
    whole = statement(kind).decode()
    for name, typed in every.items():
        whole = whole.replace(f"%({name})s", typed)
    return f"WITH known AS (SELECT {', '.join(every.values())}) {whole}"  # the sort of what is not asked
