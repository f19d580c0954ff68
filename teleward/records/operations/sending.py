"""Sending what is due: each try has its entry in the ledger before anything leaves, and a row of its own."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from teleward.access.grants import SYSTEM, Action, Circumstances, Grant, authorise, record
from teleward.access.queries.patients import patient_subject
from teleward.kernel.clock import now
from teleward.kernel.envelope import KeyDestroyed
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant
from teleward.records.connections import asking
from teleward.records.connections.kind import Item, Link, Refused, Unreachable
from teleward.records.connections.waiting import LEASE, pause_after
from teleward.records.models import Attempt, Outgoing
from teleward.records.operations.attaching import whole
from teleward.records.queries.due import Due, connections_due, next_due
from teleward.records.queries.links import link_to
from teleward.records.queries.resources import body_of

MOST_CUT_OFF = 20  # tries of which none came to an end: something in it breaks the work
DOCUMENT = "DocumentReference"
AT_ONCE = 25  # before other jobs have their turn


@dataclass(frozen=True, kw_only=True)
class Try:
    """One try that has begun."""

    id: UUID
    outgoing: UUID
    number: int  # since a person last had it sent again


@without_grant("Each item asks the gate as the server itself before it is read.")
def send_due(*, connection: UUID) -> bool:
    """Sends what is due there, in order, until something does not get through. Whether more waits."""
    for _each in range(AT_ONCE):
        due = next_due(connection=connection) if connection in connections_due() else None
        if due is None or not _send(connection, due):
            return False
    return True


def _send(connection: UUID, due: Due) -> bool:
    """Whether the other side answered, with yes or no."""
    link = link_to(connection=connection)
    grant = authorise(
        actor=SYSTEM,
        action=Action.RECORD_SEND,
        subject=patient_subject(patient=due.patient),
        circumstances=Circumstances(request_id=str(new_id()), client_address="", via="job"),
        detail={"system": link.name, "connection": str(link.id), "host": link.host},
    )
    begun = _begin(grant, due)
    return begun is None or _try(grant, link, begun)


@transaction.atomic
def _begin(grant: Grant, due: Due) -> Try | None:
    """Takes it, for as long as a try can last; None where somebody else has it or it is of no use."""
    grant.must_cover(Action.RECORD_SEND, patient=due.patient)
    row = Outgoing.objects.select_for_update(skip_locked=True, of=("self",)).filter(id=due.id).first()
    if row is None or row.due_at is None or row.due_at > now():
        record(grant=grant, detail={"outgoing": str(due.id), "tried": "under-way"})
        return None
    attempt = Attempt.objects.create(outgoing=row)
    number = _tries(row)
    if _is_superseded(row):
        _done(grant, row, attempt, outcome="superseded")
        return None
    if number > MOST_CUT_OFF:
        _done(grant, row, attempt, outcome="refused", reason="cut-off")
        return None
    Outgoing.objects.filter(id=row.id).update(due_at=now() + LEASE)
    return Try(id=attempt.id, outgoing=row.id, number=number)


def _try(grant: Grant, link: Link, begun: Try) -> bool:
    row = Outgoing.objects.get(id=begun.outgoing)
    try:
        delivered = asking.send(connection=link, item=_item(grant, row))
    except Refused as no:
        _finish(grant, begun, outcome="refused", reason=no.reason, status=no.status, said=no.said)
    except Unreachable as failed:
        _put_off(grant, begun, failed)
        return False
    else:
        _finish(grant, begun, outcome="delivered", remote=delivered.remote[:200])
    return True


def _item(grant: Grant, row: Outgoing) -> Item:
    """With the newest version: an older one is of no use to anybody. Raises Refused."""
    try:
        newest = body_of(grant=grant, kind=row.type, logical_id=row.logical_id)
        patient = body_of(grant=grant, kind="Patient", logical_id=row.patient)
    except (KeyDestroyed, NotFound) as gone:
        raise Refused("erased") from gone
    if newest is None or not newest.body or patient is None or not patient.body:
        raise Refused("erased")
    body = whole(grant=grant, body=newest.body) if row.type == DOCUMENT else newest.body
    return Item(
        key=f"urn:uuid:{row.logical_id}",
        type=row.type,
        logical_id=row.logical_id,
        version=newest.version,
        happened_at=row.happened_at,
        body=body,
        patient=patient.body,
    )


@transaction.atomic
def _put_off(grant: Grant, begun: Try, failed: Unreachable) -> None:
    pause = pause_after(begun.number, failed.wait)
    _finish(grant, begun, outcome="unreachable", reason=failed.reason, status=failed.status, said=failed.said)
    if pause is not None:
        Outgoing.objects.filter(id=begun.outgoing).update(due_at=now() + pause)


@transaction.atomic
def _finish(grant: Grant, begun: Try, **how: object) -> None:
    row = Outgoing.objects.select_for_update(of=("self",)).get(id=begun.outgoing)
    _done(grant, row, Attempt.objects.get(id=begun.id), **how)


def _done(grant: Grant, row: Outgoing, attempt: Attempt, **how: object) -> None:
    """Ends the try, and says so in the ledger: the entry before it could not know."""
    _end(row, attempt, **how)
    said = {"outgoing": str(row.id), "resource": f"{row.type}/{row.logical_id}", "tried": str(how["outcome"])}
    record(grant=grant, detail=said)


def _end(row: Outgoing, attempt: Attempt, **how: object) -> None:
    Attempt.objects.filter(id=attempt.id).update(ended_at=now(), **how)
    Outgoing.objects.filter(id=row.id).update(due_at=None)


def _is_superseded(row: Outgoing) -> bool:
    newer = Outgoing.objects.filter(connection=row.connection_id, type=row.type, logical_id=row.logical_id)
    return newer.filter(version__gt=row.version).exists()


def _tries(row: Outgoing) -> int:
    """Since it was queued, or since a person last had it sent again."""
    again = row.settlements.order_by("-at").values_list("at", flat=True).first()
    return row.attempts.filter(began_at__gte=again or row.queued_at).count()
