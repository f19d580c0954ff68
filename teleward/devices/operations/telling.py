"""Who is told of an alert: those responsible at once, the next where nobody took care of it in time."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from teleward.access.grants import Action, Detail, Grant, record
from teleward.access.operations.standings import tie_to_alert, who_may_look
from teleward.access.queries.people import organisation
from teleward.access.queries.reach import reach_of_person
from teleward.access.queries.responsible import responsible
from teleward.devices import states
from teleward.devices.letters import letter
from teleward.devices.limits import ALERT
from teleward.devices.models import Alert, AlertNotice
from teleward.devices.operations.alerts import change
from teleward.devices.queries.thresholds import quiet_hours
from teleward.devices.quiet import told_at
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.kernel.mail import mail_is_set_up
from teleward.kernel.one_by_one import one_by_one


@transaction.atomic
def tell_first(*, grant: Grant, alert: UUID) -> None:
    """The first who are responsible are owed word. Idempotent."""
    grant.must_cover(Action.ALERT_ACKNOWLEDGE)
    row = _waiting(grant, alert)
    if row is not None and not row.notices.exists():
        _owe(grant, row)


@transaction.atomic
def pass_on(*, grant: Grant, alert: UUID) -> None:
    """Nobody took care of it in time: the next are owed word; where there are none, the list has it."""
    grant.must_cover(Action.ALERT_ACKNOWLEDGE)
    row = _waiting(grant, alert)
    if row is None or row.next_at is None or row.next_at > now():
        return
    change(grant=grant, row=row, event=states.ESCALATE)
    _owe(grant, row)


def tell(*, grant: Grant, alert: UUID) -> None:
    """Sends word that is due. Where sending fails, it is still due, and the others are told all the same."""
    grant.must_cover(Action.ALERT_ACKNOWLEDGE)
    due = AlertNotice.objects.filter(alert=alert, done_at=None, due_at__lte=now())
    notices = list(due.order_by("due_at").values_list("id", flat=True))
    one_by_one(lambda notice: _tell_one(grant, notice), notices)


def _waiting(grant: Grant, alert: UUID) -> Alert | None:
    rows = Alert.objects.select_for_update(of=("self",)).select_related("threshold")
    row = rows.filter(id=alert, patient=whose(grant), closed_at=None).first()
    if row is None or row.changes.order_by("-at", "-id")[0].state not in states.WAITING:
        return None
    return row


def _owe(grant: Grant, row: Alert) -> None:
    told = set(row.notices.values_list("person", flat=True))
    group, may_look = _next(grant, row, told)
    zone = organisation(organisation_id=grant.organisation).time_zone
    due = told_at(now(), zone=zone, hours=quiet_hours(grant=grant), urgent=row.urgent)
    AlertNotice.objects.bulk_create(
        [AlertNotice(alert=row, person=person, due_at=due) for person in sorted(group)]
    )
    row.next_at = due + ALERT.escalated_when(urgent=row.urgent) if group and _may_go_on(row) else None
    row.save(update_fields=["next_at"])
    detail: Detail = {"alert": str(row.id), "told": [str(person) for person in sorted(group)]}
    record(grant=grant, detail=detail if may_look else {**detail, "may_look": "nobody"})


def _next(grant: Grant, row: Alert, told: set[UUID]) -> tuple[frozenset[UUID], bool]:
    """Who is told next, and whether one of them may look. Groups of whom nobody may are not waited for.

    Where nobody of any group may look, all who treat here and privacy officers are told that something waits.
    """
    found = responsible(grant=grant, asked_for_by=row.threshold.by)
    passed: frozenset[UUID] = frozenset()
    for group in found.groups:
        fresh = group - told
        tie_to_alert(grant=grant, alert=row.id, staff=sorted(fresh))
        passed |= fresh
        if fresh and who_may_look(grant=grant, staff=fresh):
            return passed, True
    if who_may_look(grant=grant, staff=told):
        return passed, True
    last = (found.last | passed) - told
    tie_to_alert(grant=grant, alert=row.id, staff=sorted(last))
    return last, False


def _may_go_on(row: Alert) -> bool:
    return row.changes.filter(state=states.ESCALATED).count() < ALERT.most_escalations


@transaction.atomic
def _tell_one(grant: Grant, notice: UUID) -> None:
    rows = AlertNotice.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(id=notice, done_at=None).first()
    if row is None:
        return
    to = reach_of_person(grant=grant, person=row.person)
    row.how = "mail" if to.email and mail_is_set_up() else "page"
    row.done_at = now()
    row.save(update_fields=["how", "done_at"])
    if row.how == "mail":
        practice = organisation(organisation_id=grant.organisation)
        may_look = bool(who_may_look(grant=grant, staff=[row.person]))
        written = letter(practice=practice, language=to.language, alert=None if may_look else row.alert_id)
        EmailMessage(subject=written.subject, body=written.text, to=[to.email]).send()
