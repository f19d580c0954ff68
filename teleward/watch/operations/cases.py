"""Opening cases by what happened elsewhere."""

import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from teleward.access.grants import Action, Grant
from teleward.access.queries.glass import GlassFacts
from teleward.access.queries.people import organisation
from teleward.access.queries.reasons import ReasonFacts, likeness
from teleward.kernel.clock import now
from teleward.watch.models import Case, Given, Notice, Settlement
from teleward.watch.times import REVIEWED_WITHIN, evening_of

DRAWN = 5  # of the typed reasons, one in so many is looked at


@transaction.atomic
def open_emergency(*, grant: Grant, facts: GlassFacts) -> UUID:
    """A case for an emergency access, word to the patient at once and to the member of staff in the evening.

    Told again, it is the same case.
    """
    grant.must_cover(Action.CASE_LIST)
    at = facts.opened_at or now()
    case, made = _case("emergency", facts.id, facts, at, code=facts.code)
    if made:
        zone = organisation(organisation_id=facts.organisation).time_zone
        Notice.objects.create(case=case, says="opened", due_at=at)
        Notice.objects.create(case=case, says="was-it-you", due_at=evening_of(at, zone))
    return case.id


@transaction.atomic
def note_reason(*, grant: Grant, facts: ReasonFacts) -> None:
    """Counts a typed reason; one in five, drawn so that nobody knows which, becomes a case."""
    grant.must_cover(Action.CASE_LIST)
    given = {
        "organisation_id": facts.organisation,
        "person_id": facts.person,
        "alike": likeness(grant=grant, reason=facts.id),
        "at": facts.given_at,
    }
    Given.objects.get_or_create(reason=facts.id, defaults=given)
    if _is_drawn(facts.id):
        _case("reason", facts.id, facts, facts.given_at)


@transaction.atomic
def open_report(*, grant: Grant, objection: UUID, patient: UUID) -> None:
    """A case that leads to a patient's report, which is answered where it was made."""
    grant.must_cover(Action.CASE_LIST)
    at = now()
    who = {"organisation_id": grant.organisation, "patient_id": patient}
    Case.objects.get_or_create(
        kind="report", about=objection, defaults=who | {"opened_at": at, "due_at": at + REVIEWED_WITHIN}
    )


def settle_report(*, grant: Grant, objection: UUID) -> None:
    """The report was answered where it was made."""
    grant.must_cover(Action.CASE_LIST)
    for case in Case.objects.filter(kind="report", about=objection):
        Settlement.objects.get_or_create(case=case)


def _case(
    kind: str, about: UUID, facts: GlassFacts | ReasonFacts, at: datetime, *, code: str = ""
) -> tuple[Case, bool]:
    return Case.objects.get_or_create(
        kind=kind,
        about=about,
        defaults={
            "organisation_id": facts.organisation,
            "patient_id": facts.patient,
            "person_id": facts.person,
            "code": code,
            "opened_at": at,
            "due_at": at + REVIEWED_WITHIN,
        },
    )


def _is_drawn(reason: UUID) -> bool:
    drawn = hmac.digest(settings.SECRET_KEY.encode(), b"teleward drawn " + reason.bytes, "sha256")
    return int.from_bytes(drawn) % DRAWN == 0
