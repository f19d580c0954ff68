"""What upper rooms tell access about who has to do with whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from teleward.access.deciding import decide
from teleward.access.evidence import evidence
from teleward.access.grants import Action, Actor, ActorKind, Grant, Subject
from teleward.access.models import CloserVisit, Pass, Person, Standing
from teleward.access.operations.sessions import actor_of
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound

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
    """The patient came: from here on it is an appointment, whoever made it.

    But not for a clinician who had the patient's link on their own screen and could have opened it.
    """
    grant.must_cover(Action.VISIT_JOIN, Action.VISIT_PREPARE, Action.VISIT_CONSENT, subject=visit)
    held = Pass.objects.filter(id__in=[grant.actor.id], visit=visit)
    shown_to = held.exclude(issued_by=None).values("issued_by")
    waiting = Standing.objects.filter(visit=visit, kind="call")
    waiting.exclude(staff__in=shown_to).update(kind="appointment")


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


def keep_closer(*, grant: Grant, visit: UUID, category: str) -> None:
    """A visit of the grant's patient is kept closer from here on; "": no longer. Raises NotFound."""
    grant.must_cover(Action.NOTE_WRITE, subject=visit)
    if grant.subject.patient is None:
        raise NotFound
    told = {"patient_id": grant.subject.patient, "category": category, "told_at": now()}
    CloserVisit.objects.update_or_create(visit=visit, defaults=told)


def tie_to_alert(*, grant: Grant, alert: UUID, staff: Iterable[UUID]) -> None:
    """These members of staff are to look at an alert about the grant's patient until it is closed."""
    grant.must_cover(Action.READING_READ, Action.ALERT_ACKNOWLEDGE)
    for person in staff:
        Standing.objects.get_or_create(
            kind="alert",
            source=alert,
            staff_id=person,
            defaults={
                "organisation_id": grant.organisation,
                "patient_id": grant.subject.patient or grant.about,
                "starts_at": now(),
            },
        )


def who_may_look(*, grant: Grant, staff: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these members of staff whom the policies let take care of an alert about the grant's patient.

    Their ties to it stand already. A record that is kept closer opens to some of them, or to none.
    """
    grant.must_cover(Action.READING_READ, Action.ALERT_ACKNOWLEDGE)
    people = Person.objects.filter(id__in=list(staff), organisation=grant.organisation)
    actors = (actor_of(person, at=now(), aal=2) for person in people.prefetch_related("roles"))
    return frozenset(actor.id for actor in actors if actor.id and _may_look(actor, grant.subject))


def _may_look(actor: Actor, subject: Subject) -> bool:
    return decide(actor=actor, action=Action.ALERT_ACKNOWLEDGE, subject=subject).allowed


def untie_from_alert(*, grant: Grant, alert: UUID) -> None:
    """The alert is closed: from here the time after it runs."""
    grant.must_cover(Action.READING_READ, Action.ALERT_ACKNOWLEDGE)
    Standing.objects.filter(kind="alert", source=alert, ended_at=None).update(ended_at=now())
