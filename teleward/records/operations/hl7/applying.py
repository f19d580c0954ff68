"""Applying a message that is stored: one at a time for each sender, in the order in which they came.

Each step is idempotent, so that a message that was cut off in the middle is simply applied once more.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from teleward.access.grants import Action, Circumstances, Grant, record
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.openings import without_grant
from teleward.records.hl7.facts import Admission, Merge, Scheduling
from teleward.records.hl7.kinds import Said, said
from teleward.records.hl7.reading import read
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.models import Handling, Received
from teleward.records.operations.hl7.appointments import keep_request
from teleward.records.operations.hl7.merges import merge_files
from teleward.records.operations.hl7.outcomes import SETTLED, Outcome, of_refusal
from teleward.records.operations.hl7.people import Kept, Work, files_of, keep_patient, numbers_of
from teleward.records.queries.hl7.senders import SenderCard, sender, zone_of

MESSAGE: Final = "records.received"
DONE: Final = frozenset({"applied", "passed", "older"})  # the text is not needed any more
_log = logging.getLogger(__name__)


def apply(*, grant: Grant, received: UUID, circumstances: Circumstances, by: UUID | None = None) -> Outcome:
    """Applies one stored message, unless that is settled; `by` is who asked for it. Raises NotFound."""
    grant.must_cover(Action.MESSAGE_TAKE, Action.APP_CHANGE)
    row = Received.objects.filter(organisation=grant.organisation, id=received).first()
    if row is None:
        raise NotFound
    from_whom = sender(grant=grant, sender_id=row.sender_id)
    with _one_at_a_time(from_whom):
        return _applied(row, Work(grant=grant, sender=from_whom, circumstances=circumstances), by)


@without_grant("Inside of taking a message.")
def newest_handling(received: UUID) -> Handling | None:
    """What became of it last."""
    return Handling.objects.filter(received=received).order_by("-at", "-id").first()


def _applied(row: Received, work: Work, by: UUID | None) -> Outcome:
    before = newest_handling(row.id)
    if before and before.outcome in SETTLED:
        return Outcome(word=before.outcome)
    is_there = Received.objects.filter(id=row.id).exclude(sealed=b"").exists()
    outcome = _outcome(row, work) if is_there else Outcome(word="dropped")  # it went with who was forgotten
    _noted(row, outcome, by)
    if outcome.word in DONE:
        Received.objects.filter(id=row.id).update(sealed=b"")
    record(grant=work.grant, detail={"message": str(row.id), "outcome": outcome.word})
    return outcome


def _noted(row: Received, outcome: Outcome, by: UUID | None) -> None:
    """Once for each file, so that the text goes when any of them is forgotten."""
    whose = outcome.files | {outcome.patient} if outcome.patient else outcome.files
    for patient in whose or {None}:
        Handling.objects.create(
            received=row,
            by=by,
            outcome=outcome.word,
            reason=outcome.reason or "",
            place=outcome.place,
            about=outcome.about,
            patient=patient,
        )


def _outcome(row: Received, work: Work) -> Outcome:
    raw = unseal(patient=row.organisation, sealed=bytes(row.sealed), context=f"{MESSAGE}:{row.id}")
    return _never_lost(lambda: _understood(row, work, raw))


def _understood(row: Received, work: Work, raw: bytes) -> Outcome:
    message, zone = read(raw, otherwise=work.sender.charset), zone_of(practice=row.organisation)
    what = said(message, zone=zone, otherwise=row.received_at)
    outcome = _never_lost(lambda: _followed(row, work, what))
    return outcome if outcome.word in DONE else replace(outcome, files=_files(work, what))


def _files(work: Work, what: Said) -> frozenset[UUID]:
    """Of everybody whose number is in it, also of who was registered just now."""
    gone = what.gone if isinstance(what, Merge) else ()
    return files_of(work.sender, numbers_of(work.sender, (*what.patient.numbers, *gone))[0])


def _never_lost(step: Callable[[], Outcome]) -> Outcome:
    try:
        return step()
    except MessageRefused as refused:
        return of_refusal(refused)
    except (OperationalError, InterfaceError):  # no database: nothing is answered, it is sent again
        raise
    except Problem as problem:
        _log.warning("A message waits: %s.", problem.code)
        return Outcome(word="waiting", reason=Reason.NOT_POSSIBLE)
    except Exception as fault:  # noqa: BLE001 - a fault of ours must not lose a message: it waits, and is tried again
        _log.warning("A message could not be applied (%s); it waits.", type(fault).__name__)
        return Outcome(word="waiting", reason=Reason.OURS)


def _followed(row: Received, work: Work, what: Said) -> Outcome:
    kept = keep_patient(work, what.patient, what.said_at)
    if isinstance(what, Scheduling):
        return _requested(work, row.id, what, kept)
    if isinstance(what, Merge):
        merge_files(work, kept.patient, what.gone)
        return Outcome(word="applied", patient=kept.patient)
    return _admitted(what, kept.patient, is_older=kept.is_older, has_wrong_number=kept.has_wrong_number)


def _requested(work: Work, received: UUID, what: Scheduling, kept: Kept) -> Outcome:
    """It is known whose it is even where it waits, so that it goes when the patient is forgotten."""
    try:
        return keep_request(work, received, what, kept)
    except MessageRefused as refused:
        return replace(of_refusal(refused), patient=kept.patient)


def _admitted(_what: Admission, patient: UUID, *, is_older: bool, has_wrong_number: bool) -> Outcome:
    if is_older:
        return Outcome(word="older", patient=patient)
    wrong = Reason.IDENTIFIER_WRONG if has_wrong_number else None
    return Outcome(word="applied", reason=wrong, place="PID-3" if wrong else "", patient=patient)


@contextmanager
def _one_at_a_time(from_whom: SenderCard) -> Iterator[None]:
    """Two connections of one sender, or a resend beside a job, wait for each other."""
    name = f"hl7:{from_whom.id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
