"""Who is told of an alert: those responsible at once, the next where nobody took care of it in time."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.standings import tie_to_alert
from teleward.access.queries.people import organisation
from teleward.access.queries.reach import reach_of_person
from teleward.access.queries.responsible import responsible
from teleward.devices import states
from teleward.devices.letters import letter
from teleward.devices.limits import ALERT
from teleward.devices.models import Alert, AlertNotice
from teleward.devices.one_by_one import one_by_one
from teleward.devices.operations.alerts import change
from teleward.devices.queries.thresholds import quiet_hours
from teleward.devices.quiet import told_at
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.kernel.mail import mail_is_set_up


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
    groups = responsible(grant=grant, asked_for_by=row.threshold.by).groups
    told = set(row.notices.values_list("person", flat=True))
    group = next((each - told for each in groups if each - told), frozenset())
    zone = organisation(organisation_id=grant.organisation).time_zone
    due = told_at(now(), zone=zone, hours=quiet_hours(grant=grant), urgent=row.urgent)
    AlertNotice.objects.bulk_create(
        [AlertNotice(alert=row, person=person, due_at=due) for person in sorted(group)]
    )
    tie_to_alert(grant=grant, alert=row.id, staff=sorted(group))
    row.next_at = due + ALERT.escalated_when(urgent=row.urgent) if group and _may_go_on(row) else None
    row.save(update_fields=["next_at"])
    record(grant=grant, detail={"alert": str(row.id), "told": [str(person) for person in sorted(group)]})


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
        written = letter(practice=practice, language=to.language)
        EmailMessage(subject=written.subject, body=written.text, to=[to.email]).send()
