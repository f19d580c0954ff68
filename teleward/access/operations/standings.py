"""What upper rooms tell access about who has to do with whom."""

from datetime import datetime
from uuid import UUID

from teleward.access.evidence import evidence
from teleward.access.grants import Action, ActorKind, Grant, NotCovered
from teleward.access.models import Standing
from teleward.kernel.clock import now

TELLING = (Action.VISIT_BOOK, Action.VISIT_CANCEL, Action.VISIT_END, Action.VISIT_INVITE)
PROVEN = frozenset({"appointment", "team", "cover", "referral", "host"})


def record_standing(
    *,
    grant: Grant,
    visit: UUID,
    organisation: UUID,
    patient: UUID,
    staff: UUID,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    """A member of staff has a visit with a patient, as `host` or `second`. Told again, it is corrected.

    An appointment that a clinician makes for themself, with a patient they had nothing to do with, is a
    `call` and explains little until the patient confirms it.
    """
    grant.must_cover(*TELLING)
    Standing.objects.update_or_create(
        visit=visit,
        staff_id=staff,
        defaults={
            "kind": "call" if _is_self_made(grant, staff) else "appointment",
            "source": visit,
            "organisation_id": organisation,
            "patient_id": patient,
            "role": role,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "ended_at": None,
        },
    )


def confirm_standing(*, grant: Grant, visit: UUID) -> None:
    """The patient came: from here on it is an appointment, whoever made it."""
    grant.must_cover(Action.VISIT_JOIN, Action.VISIT_PREPARE, Action.VISIT_CONSENT, subject=visit)
    Standing.objects.filter(visit=visit, kind="call").update(kind="appointment")


def keep_standing(
    *,
    grant: Grant,
    kind: str,
    source: UUID,
    starts_at: datetime,
    ends_at: datetime | None,
    here: bool = False,
) -> None:
    """The actor of the grant has to do with its patient by something else, such as a reason.

    `here` ties it to the session of the grant. Raises NotCovered without a patient.
    """
    if grant.actor.id is None or grant.subject.patient is None:
        raise NotCovered
    Standing.objects.update_or_create(
        source=source,
        kind=kind,
        staff_id=grant.actor.id,
        defaults={
            "organisation_id": grant.organisation,
            "patient_id": grant.subject.patient,
            "session": grant.actor.session if here else None,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "ended_at": None,
        },
    )


def end_standings_of(*, source: UUID, at: datetime) -> None:
    """What came from this source ties nobody any longer."""
    Standing.objects.filter(source=source, ended_at=None).update(ended_at=at)


def _is_self_made(grant: Grant, staff: UUID) -> bool:
    if grant.actor.kind is not ActorKind.STAFF or grant.actor.id != staff:
        return False
    found = evidence(actor=grant.actor, subject=grant.subject, at=now())
    return not PROVEN & set(found.standing)


def end_standing(*, grant: Grant, visit: UUID, at: datetime) -> None:
    """The visit is over: from here the time after it runs."""
    grant.must_cover(*TELLING)
    Standing.objects.filter(visit=visit, ended_at=None).update(ended_at=at)


def withdraw_standing(*, grant: Grant, visit: UUID) -> None:
    """The visit was called off: it opens no record any more, but the desk still finds the appointment."""
    grant.must_cover(Action.VISIT_CANCEL)
    Standing.objects.filter(visit=visit).update(kind="cancelled", ended_at=now())
