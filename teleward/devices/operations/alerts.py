"""Alerts: raised when readings lie outside of limits or none come, taken care of, passed on, closed.

One open alert for each patient, code and sort: what comes later is collected there, and nobody is told again.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.standings import untie_from_alert
from teleward.devices import states
from teleward.devices.limits import ALERT, is_critical
from teleward.devices.models import Alert, AlertChange, AlertNotice
from teleward.devices.queries.alerts import SAID, WHY, decode
from teleward.devices.queries.points import points_between
from teleward.devices.queries.thresholds import Limits, limits_of, range_of
from teleward.devices.weighing import Outside, Said, both, outside
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal, unseal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id

OUTSIDE, SILENCE = "outside", "silence"
SHORTEST = 5
encode = msgspec.json.Encoder().encode


class ReasonMissing(Problem):
    """Nothing says what was done."""

    code = "devices:reason-missing"
    message = _("Please write in a few words what you did or why nothing has to be done.")


@transaction.atomic
def weigh(*, grant: Grant, said: Iterable[Said]) -> tuple[UUID, ...]:
    """Holds values of the grant's patient against their limits; returns the alerts they belong to.

    Told twice, it changes nothing. Whatever came ends an alert that nothing came.
    """
    grant.must_cover(Action.READING_READ)
    values = tuple(said)
    _came_again(grant, {each.code for each in values})
    standing = {each.code: each for each in limits_of(grant=grant)}
    found = outside(said=values, limits={code: each.range for code, each in standing.items()})
    return tuple(_collected(grant, standing[each.code], OUTSIDE, each) for each in found)


@transaction.atomic
def weigh_anew(*, grant: Grant, codes: Collection[str]) -> None:
    """Something of these codes counts no longer: open alerts hold what is left, or are closed."""
    grant.must_cover(Action.READING_READ)
    rows = Alert.objects.select_for_update().filter(patient=whose(grant), kind=OUTSIDE, closed_at=None)
    for row in rows.filter(quantity__in=codes):
        before = decode(unseal(patient=row.patient, sealed=bytes(row.said), context=SAID.format(row.id)))
        left = _left(grant, row, before) if before else None
        if left is None:
            change(grant=grant, row=row, event=states.CLOSE)
        elif left != before:
            _hold(row, left)


def _left(grant: Grant, row: Alert, before: Outside) -> Outside | None:
    first, last = before.first.at, before.last.at
    points = points_between(grant=grant, code=row.quantity, first=first, last=last)
    said = [Said(code=row.quantity, value=Decimal(each.value), at=each.at) for each in points]
    limits = {row.quantity: range_of(grant=grant, threshold=row.threshold_id)}
    return next(iter(outside(said=said, limits=limits)), None)


@transaction.atomic
def miss(*, grant: Grant, limits: Limits) -> UUID:
    """Nothing came for as many days as somebody wanted to know of. Returns the alert. Idempotent."""
    grant.must_cover(Action.READING_READ)
    return _collected(grant, limits, SILENCE, None)


@transaction.atomic
def acknowledge(*, grant: Grant, alert: UUID, why: str = "") -> None:
    """Somebody takes care of it, and may say how. Raises NotFound or NotPossible."""
    grant.must_cover(Action.ALERT_ACKNOWLEDGE)
    _changed(grant, alert, states.ACKNOWLEDGE, why.strip())


@transaction.atomic
def close(*, grant: Grant, alert: UUID, why: str) -> None:
    """Nothing more has to be done. Raises NotFound, ReasonMissing or NotPossible."""
    grant.must_cover(Action.ALERT_ACKNOWLEDGE)
    _changed(grant, alert, states.CLOSE, _said_enough(why))


def _said_enough(why: str) -> str:
    if len(why.strip()) < SHORTEST:
        raise ReasonMissing
    return why.strip()


def _collected(grant: Grant, limits: Limits, kind: str, found: Outside | None) -> UUID:
    patient = whose(grant)
    _one_at_a_time(patient, limits.code)
    row = Alert.objects.filter(patient=patient, quantity=limits.code, kind=kind, closed_at=None).first()
    if row is not None and kind == OUTSIDE and _is_settled(row):
        change(grant=grant, row=row, event=states.CLOSE)
        row = None
    if row is None:
        return _raised(grant, limits, kind, found)
    if found is not None:
        _add(row, found)
    return row.id


def _is_settled(row: Alert) -> bool:
    newest = row.changes.order_by("-at", "-id")[0]
    return newest.state == states.ACKNOWLEDGED and newest.at + ALERT.acknowledged_for <= now()


def _raised(grant: Grant, limits: Limits, kind: str, found: Outside | None) -> UUID:
    made, patient = new_id(), whose(grant)
    row = Alert.objects.create(
        id=made,
        threshold_id=limits.id,
        organisation=grant.organisation,
        patient=patient,
        quantity=limits.code,
        kind=kind,
        urgent=limits.urgent or _is_critical(found),
        said=seal(patient=patient, plaintext=encode(found), context=SAID.format(made)),
    )
    AlertChange.objects.create(alert=row, state=states.RAISED)
    record(grant=grant, detail={"alert": str(made), "raised": kind})
    publish(Event.ALERT_RAISED, alert=made)
    return made


def _add(row: Alert, found: Outside) -> None:
    before = decode(unseal(patient=row.patient, sealed=bytes(row.said), context=SAID.format(row.id)))
    after = both(before, found) if before else found
    if after != before:
        _hold(row, after)
    if _is_critical(found) and not row.urgent:
        _hurry(row)


def _is_critical(found: Outside | None) -> bool:
    ends = (found.lowest, found.highest) if found else ()
    return any(is_critical(each.code, each.value) for each in ends)


def _hurry(row: Alert) -> None:
    """Nobody waits any more: word that waits for the morning goes out, and the next are told sooner."""
    row.urgent = True
    soon = now() + ALERT.escalated_when(urgent=True)
    row.next_at = min(row.next_at, soon) if row.next_at else None
    row.save(update_fields=["urgent", "next_at"])
    AlertNotice.objects.filter(alert=row, done_at=None, due_at__gt=now()).update(due_at=now())
    publish(Event.ALERT_RAISED, alert=row.id)


def _hold(row: Alert, found: Outside) -> None:
    row.said = seal(patient=row.patient, plaintext=encode(found), context=SAID.format(row.id))
    row.save(update_fields=["said"])


def _came_again(grant: Grant, codes: set[str]) -> None:
    rows = Alert.objects.filter(patient=whose(grant), kind=SILENCE, quantity__in=codes, closed_at=None)
    for row in rows.select_for_update():
        change(grant=grant, row=row, event=states.CLOSE)


def _changed(grant: Grant, alert: UUID, event: str, why: str) -> None:
    rows = Alert.objects.select_for_update().filter(patient=whose(grant))
    row = rows.filter(id=alert).first()
    if row is None:
        raise NotFound
    change(grant=grant, row=row, event=event, said=(grant.actor.id, why))


def change(
    *,
    grant: Grant,
    row: Alert,
    event: str,
    said: tuple[UUID | None, str] = (None, ""),
    at: datetime | None = None,
) -> None:
    """What follows from an event, as a record; word that is still due is not needed any more.

    `said`: who did it and why; nobody: the server, by the clock. Raises NotPossible.
    """
    grant.must_cover(Action.READING_READ, Action.ALERT_ACKNOWLEDGE)
    before = row.changes.order_by("-at", "-id")[0].state
    (by, why), state, made = said, states.ALERT.after(before, event), new_id()
    sealed = seal(patient=row.patient, plaintext=why.encode(), context=WHY.format(made)) if why else None
    AlertChange.objects.create(id=made, alert=row, state=state, by=by, why=sealed)
    row.next_at = at
    row.closed_at = now() if state == states.CLOSED else None
    row.save(update_fields=["next_at", "closed_at"])
    if state in {states.ACKNOWLEDGED, states.CLOSED}:
        AlertNotice.objects.filter(alert=row, done_at=None).update(done_at=now(), how="over")
    if state == states.CLOSED:
        untie_from_alert(grant=grant, alert=row.id)
    record(grant=grant, detail={"alert": str(row.id), "state": state})
    publish(Event.ALERT_CHANGED, alert=row.id)


def _one_at_a_time(patient: UUID, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{patient}/{code}"])
