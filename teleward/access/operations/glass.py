"""Breaking the glass: one person, one patient, one session, read only, four hours."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.glass_words import GLASS_CODES
from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.access.models import BrokenGlass, Patient, Session, Standing
from teleward.access.operations.second_factor import must_be_shown
from teleward.access.queries.glass import WAITS, WORDS
from teleward.access.queries.tiers import tier_of
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id

LASTS = timedelta(hours=4)
SHORTEST, LONGEST = 15, 500


class WordsTooShort(Problem):
    """The coded reason alone says nothing that could be checked."""

    code = "access:words-too-short"
    status = 422
    message = _("Write what happened, in at least 15 and at most 500 characters.")


class CodeMissing(Problem):
    """No coded reason was chosen."""

    code = "access:code-missing"
    status = 422
    message = _("Choose the reason that fits best.")


class SecondMustDiffer(Problem):
    """Two people means two."""

    code = "access:second-must-differ"
    status = 403
    message = _("The second person must be somebody else than the one who asked.")


class NoLongerAsked(Problem):
    """The request was answered, taken back, or is too old."""

    code = "access:no-longer-asked"
    status = 409
    message = _("This request is over. If it is still urgent, your colleague has to ask once more.")


@transaction.atomic
def break_glass(*, grant: Grant, code: str, words: str) -> UUID:
    """Opens the record at once, or asks for a second person where it is closed. Returns the id.

    Asked again while it is open or waited for, it is the same one.
    Raises ProofNeeded, CodeMissing or WordsTooShort.
    """
    grant.must_cover(Action.GLASS_BREAK)
    must_be_shown(grant=grant)
    said = " ".join(words.split())
    if code not in GLASS_CODES:
        raise CodeMissing
    if not SHORTEST <= len(said) <= LONGEST:
        raise WordsTooShort
    patient, person, session = _three(grant)
    Patient.objects.select_for_update(no_key=True).get(id=patient)  # two presses in one moment are one
    before = _living(person=person, patient=patient, session=session)
    if before:
        return before.id
    row = BrokenGlass.objects.create(
        id=new_id(),
        person_id=person,
        patient_id=patient,
        session=session,
        code=code,
        words=seal(patient=patient, plaintext=said.encode(), context=WORDS),
        needs_second=tier_of(patient=patient) == "closed",
    )
    _ask_for_second(grant, row) if row.needs_second else _open(grant, row)
    return row.id


@transaction.atomic
def second_glass(*, grant: Grant, glass: UUID) -> None:
    """A second person agrees, and the record opens. Raises ProofNeeded, SecondMustDiffer or NoLongerAsked."""
    grant.must_cover(Action.GLASS_SECOND)
    must_be_shown(grant=grant)
    row = _asked(grant, glass)
    row.seconded_by_id = grant.actor.id
    _open(grant, row)


@transaction.atomic
def decline_glass(*, grant: Grant, glass: UUID) -> None:
    """A second person does not agree. Raises SecondMustDiffer or NoLongerAsked."""
    grant.must_cover(Action.GLASS_SECOND)
    row = _asked(grant, glass)
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    record(grant=grant, detail={"glass": str(row.id), "declined": "yes"})


@transaction.atomic
def end_glass(*, grant: Grant, glass: UUID) -> None:
    """The person who opened it ends it, or takes the request back. Raises NotFound."""
    grant.must_cover(Action.GLASS_END)
    rows = BrokenGlass.objects.select_for_update(of=("self",)).filter(
        id=glass, patient=grant.subject.patient, person=grant.actor.id
    )
    row = rows.first()
    if row is None:
        raise NotFound
    if row.ended_at is None:
        _end(grant, row)


@transaction.atomic
def end_what_is_over(*, grant: Grant, glass: UUID) -> None:
    """Notes the end of an emergency access whose time is over or whose session has ended."""
    grant.must_cover(Action.GLASS_END)
    row = BrokenGlass.objects.select_for_update(of=("self",)).filter(id=glass, ended_at=None).first()
    if row is not None:
        _end(grant, row)


def _three(grant: Grant) -> tuple[UUID, UUID, UUID]:
    patient, person, session = grant.subject.patient, grant.actor.id, grant.actor.session
    if patient is None or person is None or session is None:
        raise NotCovered
    return patient, person, session


def _living(*, person: UUID, patient: UUID, session: UUID) -> BrokenGlass | None:
    at = now()
    mine = BrokenGlass.objects.filter(person=person, patient=patient, session=session, ended_at=None)
    asked = mine.filter(opened_at=None, asked_at__gt=at - WAITS)
    return asked.first() or mine.filter(ends_at__gt=at).first()


def _asked(grant: Grant, glass: UUID) -> BrokenGlass:
    rows = BrokenGlass.objects.select_for_update(of=("self",)).filter(
        id=glass, patient=grant.subject.patient, opened_at=None, ended_at=None, asked_at__gt=now() - WAITS
    )
    row = rows.first()
    if row is None or not Session.objects.filter(id=row.session, ended_at=None).exists():
        raise NoLongerAsked
    if row.person_id == grant.actor.id:
        raise SecondMustDiffer
    return row


def _ask_for_second(grant: Grant, row: BrokenGlass) -> None:
    record(grant=grant, detail={"glass": str(row.id), "code": row.code, "waits": "second"})
    publish(Event.GLASS_ASKED, glass=row.id)


def _open(grant: Grant, row: BrokenGlass) -> None:
    at = now()
    row.opened_at, row.ends_at = at, at + LASTS
    row.save(update_fields=["seconded_by", "opened_at", "ends_at"])
    Standing.objects.create(
        kind="glass",
        source=row.id,
        session=row.session,
        organisation_id=grant.organisation,
        patient_id=row.patient_id,
        staff_id=row.person_id,
        starts_at=at,
        ends_at=row.ends_at,
    )
    record(grant=grant, detail={"glass": str(row.id), "code": row.code})
    publish(Event.GLASS_BROKEN, glass=row.id)


def _end(grant: Grant, row: BrokenGlass) -> None:
    row.ended_at = min(now(), row.ends_at or now())
    row.save(update_fields=["ended_at"])
    Standing.objects.filter(kind="glass", source=row.id, ended_at=None).update(ended_at=row.ended_at)
    record(grant=grant, detail={"glass": str(row.id)})
    if row.opened_at is not None:
        publish(Event.GLASS_ENDED, glass=row.id)
