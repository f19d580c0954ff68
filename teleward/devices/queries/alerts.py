"""Alerts: the practice's open ones in one statement, and one with all that became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Subquery

from teleward.access.grants import Action, Grant, Subject
from teleward.access.queries.lists import Row, looked_at_twice
from teleward.access.queries.patients import cards
from teleward.access.queries.people import staff_names
from teleward.devices.models import Alert, AlertChange, AlertKey, AlertNotice
from teleward.devices.weighing import Outside, Said
from teleward.devices.whose import who, whose
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

SAID = "devices.alert/{}"
WHY = "devices.alert.change/{}"
ROW = Row(kind="Patient", id="patient", organisation="organisation", patient="patient")
MOST = 200
decode = msgspec.json.Decoder(Outside | None).decode


@dataclass(frozen=True, kw_only=True)
class Change:
    """What became of an alert: its state from here on, who (empty: the server, by the clock), and why."""

    state: str
    at: datetime
    by: UUID | None
    by_name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AlertCard:
    """One alert. `outside` is empty where nothing came for days; `state` the newest."""

    id: UUID
    patient: UUID
    patient_name: str
    threshold: UUID
    code: str
    kind: str
    urgent: bool
    raised_at: datetime
    closed_at: datetime | None
    state: str
    outside: Outside | None
    changes: tuple[Change, ...] = ()

    @property
    def last(self) -> Said | None:
        """The last value outside."""
        return self.outside.last if self.outside else None


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """That an alert waits. Whose, and what of, the reader may not know."""

    id: UUID
    raised_at: datetime


@without_grant("Ids only: it is what the gate is asked about.")
def alert_subject(*, alert: UUID) -> Subject:
    """The patient of an alert, as a subject of the gate. Raises NotFound."""
    row = AlertKey.objects.filter(id=alert).first()
    if row is None:
        raise NotFound
    return Subject(kind="Patient", id=row.patient, organisation=row.organisation, patient=row.patient)


@without_grant("Ids only: the job asks the gate about each alert next.")
def alerts_to_pass_on() -> list[UUID]:
    """Open alerts of which nobody took care in time."""
    rows = AlertKey.objects.filter(closed_at=None, next_at__lte=now())
    return list(rows.order_by("next_at").values_list("id", flat=True))


@without_grant("Ids only: the job asks the gate about each alert next.")
def alerts_with_word_due() -> list[UUID]:
    """Alerts of which somebody has to be told now."""
    rows = AlertKey.objects.filter(word_due_at__lte=now())
    return list(rows.order_by("word_due_at").values_list("id", flat=True))


def open_alerts(*, grant: Grant) -> tuple[AlertCard, ...]:
    """The open alerts of the grant's practice that the reader may see: waiting and urgent first, then by age.

    One statement for the rows, whatever their number; each patient is told that they stood there.
    """
    grant.must_cover(Action.ALERT_LIST)
    rows = Alert.objects.filter(organisation=grant.organisation, closed_at=None).order_by("raised_at")
    newest = AlertChange.objects.order_by("-at", "-id").values("state")
    rows = rows.annotate(state=Subquery(newest.filter(alert=OuterRef("id"))[:1]))
    found = looked_at_twice(rows, grant=grant, action=Action.ALERT_LIST, row=ROW, most=MOST)
    known = cards(grant=grant, ids=[row.patient for row in found])
    card = partial(_card, names={key: each.name for key, each in known.items()})
    return tuple(sorted((card(row, state=cast("Any", row).state) for row in found), key=_order))


def out_of_sight(*, grant: Grant, shown: Iterable[UUID]) -> tuple[Unseen, ...]:
    """Open alerts that the reader was told of and may not see, by age: that they wait, and nothing else."""
    grant.must_cover(Action.ALERT_LIST, Action.CASE_LIST)
    told = AlertNotice.objects.filter(person=who(grant)).values("alert")
    rows = Alert.objects.filter(id__in=told, organisation=grant.organisation, closed_at=None)
    rows = rows.exclude(id__in=list(shown)).exclude(changes__state="acknowledged").order_by("raised_at")
    return tuple(Unseen(id=row.id, raised_at=row.raised_at) for row in rows[:MOST])


def alert(*, grant: Grant, alert: UUID) -> AlertCard:
    """One alert about the grant's patient, with all that became of it. Raises NotFound."""
    grant.must_cover(Action.ALERT_ACKNOWLEDGE, Action.READING_READ, Action.RECORD_WRITE)
    row = Alert.objects.filter(id=alert, patient=whose(grant)).first()
    if row is None:
        raise NotFound
    names = {key: each.name for key, each in staff_names(organisation_id=grant.organisation).items()}
    changes = tuple(_change(row, each, names) for each in row.changes.order_by("at", "id"))
    return _card(row, names={}, state=changes[-1].state, changes=changes)


def alerts_of(*, grant: Grant, most: int = 50) -> tuple[AlertCard, ...]:
    """The alerts about the grant's patient, open ones first, then the newest."""
    grant.must_cover(Action.READING_READ, Action.ALERT_ACKNOWLEDGE, Action.THRESHOLD_CHANGE)
    newest = AlertChange.objects.order_by("-at", "-id").values("state")
    rows = Alert.objects.filter(patient=whose(grant)).order_by("-raised_at")[:most]
    rows = rows.annotate(state=Subquery(newest.filter(alert=OuterRef("id"))[:1]))
    found = (_card(row, names={}, state=row.state) for row in rows)
    return tuple(sorted(found, key=lambda card: card.closed_at is not None))


def _order(card: AlertCard) -> tuple[bool, bool, datetime]:
    return card.state == "acknowledged", not card.urgent, card.raised_at


def _card(row: Alert, *, names: dict[UUID, str], state: str, changes: tuple[Change, ...] = ()) -> AlertCard:
    said = unseal(patient=row.patient, sealed=bytes(row.said), context=SAID.format(row.id))
    return AlertCard(
        id=row.id,
        patient=row.patient,
        patient_name=names.get(row.patient, ""),
        threshold=row.threshold_id,
        code=row.quantity,
        kind=row.kind,
        urgent=row.urgent,
        raised_at=row.raised_at,
        closed_at=row.closed_at,
        state=state,
        outside=decode(said),
        changes=changes,
    )


def _change(row: Alert, change: AlertChange, names: dict[UUID, str]) -> Change:
    sealed, context = change.why, WHY.format(change.id)
    why = unseal(patient=row.patient, sealed=bytes(sealed), context=context).decode() if sealed else ""
    by = names.get(change.by, "") if change.by else ""
    return Change(state=change.state, at=change.at, by=change.by, by_name=by, why=why)
