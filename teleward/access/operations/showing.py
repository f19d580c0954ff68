"""Whom the server may tell somebody about, for whom it looks through what they brought."""

import contextlib
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from teleward.access.grants import (
    Action,
    Actor,
    ActorKind,
    Detail,
    Grant,
    Refused,
    Subject,
    authorise,
    record,
)
from teleward.access.lists import allowed
from teleward.access.models import Person
from teleward.kernel.clock import now

DESK = "reception"  # who brings something for the practice need not have its lists
FACTORS = 2  # they were asked for them when they brought it
AT_ONCE = 200


def shown(*, grant: Grant, person: UUID, patients: Collection[UUID], detail: Detail) -> frozenset[UUID]:
    """Those of these patients whom a list of the practice's desk would show, and show to this person.

    So nobody who is kept closer, and neither the person themself nor their family. The chain of each patient
    has it: that they were found, or that the person was refused. Not to be called inside a transaction.
    """
    grant.must_cover(Action.PATIENT_LIST)
    asks = _actor(grant.organisation, person)
    if asks is None:
        return frozenset()
    ordered = sorted(set(patients))
    listed: set[UUID] = set()
    for start in range(0, len(ordered), AT_ONCE):
        listed |= _listed(grant, asks, ordered[start : start + AT_ONCE])
    for patient in ordered:
        _tell(grant, asks, patient, detail, is_shown=patient in listed)
    return frozenset(listed)


def _listed(grant: Grant, asks: Actor, patients: list[UUID]) -> set[UUID]:
    at_desk = replace(asks, roles=asks.roles | {DESK})
    about = [_subject(grant, each) for each in patients]
    answers = allowed(actor=at_desk, action=Action.PATIENT_LIST, subjects=about, at=now())
    return {patient for patient, answer in zip(patients, answers, strict=True) if answer}


def _tell(grant: Grant, asks: Actor, patient: UUID, detail: Detail, *, is_shown: bool) -> None:
    about = _subject(grant, patient)
    if is_shown:
        record(grant=replace(grant, subject=about), outcome="listed", detail=detail)
        return
    with contextlib.suppress(Refused):
        authorise(
            actor=asks,
            action=Action.PATIENT_LIST,
            subject=about,
            circumstances=grant.circumstances,
            detail=detail,
        )


def _actor(practice: UUID, person: UUID) -> Actor | None:
    """The person with the roles they have now; None where they work here no more."""
    found = Person.objects.filter(id=person, organisation=practice, deactivation=None).first()
    if found is None:
        return None
    at = now()
    return Actor(
        kind=ActorKind.STAFF,
        id=found.id,
        organisation=practice,
        roles=frozenset(role.name for role in found.roles.all() if role.holds(at)),
        name=found.name,
        aal=FACTORS,
        authenticated_at=at,
    )


def _subject(grant: Grant, patient: UUID) -> Subject:
    return Subject(kind="Patient", id=patient, organisation=grant.organisation, patient=patient)
