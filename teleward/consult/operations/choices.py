"""What the patient decides before the call: how to talk, and whether to agree."""

from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.standings import confirm_standing
from teleward.consult.agreement import VERSION
from teleward.consult.models import Choice, Company, Consent, Withdrawal
from teleward.consult.modes import DECLINE_REASONS
from teleward.consult.operations.live_room import NotThisMode
from teleward.consult.operations.moves import lock_open_visit, lock_visit
from teleward.kernel.envelope import seal
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.kernel.notices import notify


def choose(*, grant: Grant, visit: UUID, mode: str, declined: str = "", reason: str = "") -> None:
    """Keeps the patient's choice, with the mode they did not want and why. Raises NotThisMode, VisitOver."""
    grant.must_cover(Action.VISIT_PREPARE, Action.VISIT_JOIN, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        if mode not in row.modes or (declined and declined not in row.modes):
            raise NotThisMode
        why = (reason if reason in DECLINE_REASONS else "other") if declined else ""
        Choice.objects.create(visit=row, mode=mode, declined=declined, reason=why, by=grant.actor.id)
        confirm_standing(grant=grant, visit=visit)
        notify("visit-changed", visit=visit)


def agree(*, grant: Grant, visit: UUID, language: str) -> None:
    """The patient agrees to the text in force. Agreeing twice changes nothing. Raises VisitOver."""
    grant.must_cover(Action.VISIT_CONSENT, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        if row.consents.filter(version=VERSION, withdrawal=None).exists():
            return
        given = Consent.objects.create(visit=row, version=VERSION, language=language, by=grant.actor.id)
        record(grant=grant, detail={"consent": VERSION})
        publish(Event.CONSENT_GIVEN, visit=visit, consent=given.id)
        notify("visit-changed", visit=visit)


def withdraw(*, grant: Grant, visit: UUID) -> None:
    """The patient takes the consent back, at any time, also afterwards. Without a consent nothing happens."""
    grant.must_cover(Action.VISIT_CONSENT, subject=visit)
    with transaction.atomic():
        row = lock_visit(visit)
        for given in row.consents.filter(withdrawal=None):
            Withdrawal.objects.create(consent=given, by=grant.actor.id)
            record(grant=grant, detail={"withdrawn": given.version})
            publish(Event.CONSENT_WITHDRAWN, visit=visit, consent=given.id)
        notify("visit-changed", visit=visit)


def say_company(*, grant: Grant, visit: UUID, who: str) -> None:
    """Who else is in the room on the speaker's side, in their own words, sealed. "" says: nobody."""
    grant.must_cover(Action.VISIT_PREPARE, Action.VISIT_JOIN, Action.VISIT_IDENTIFY, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        company = new_id()
        sealed = seal(patient=row.patient, plaintext=who.strip()[:300].encode(), context=f"company:{company}")
        side = "clinic" if grant.action == Action.VISIT_IDENTIFY else "patient"
        Company.objects.create(id=company, visit=row, side=side, who=sealed, by=grant.actor.id)
