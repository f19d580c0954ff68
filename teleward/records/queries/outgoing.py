"""What waits for the practice's other systems, and what does not get there: types and times.

Whose it is stands only where it is stuck, and only for who may see that patient in a list anyway.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from teleward.access.grants import Action, Grant
from teleward.access.queries.patients import those_listed
from teleward.kernel.openings import without_grant
from teleward.records.connections.words import reason
from teleward.records.models import Attempt, Outgoing, Settlement

MOST = 200


@dataclass(frozen=True, kw_only=True)
class OutgoingCard:
    """One thing on its way, or stuck; `why` is a sentence, `said` what the other side named, if anything.

    `whose` is a patient's name, or empty.
    """

    id: UUID
    type: str
    happened_at: datetime
    due_at: datetime | None
    tries: int
    tried_at: datetime | None
    why: str
    said: str
    whose: str = ""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many wait, are stuck, and arrived."""

    waiting: int
    stuck: int
    delivered: int


def waiting_there(*, grant: Grant, connection: UUID) -> tuple[OutgoingCard, ...]:
    """What waits for this connection, oldest first, at most so many."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE, Action.RECORD_SEND)
    rows = Outgoing.objects.filter(organisation=grant.organisation, due_at__isnull=False)
    return _cards(rows.filter(connection=connection))


def stuck_there(*, grant: Grant, connection: UUID) -> tuple[OutgoingCard, ...]:
    """What did not get there and is not tried any more, oldest first, at most so many.

    Each patient who is named is told that they stood there.
    """
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE)
    found = _cards(stuck(practice=grant.organisation).filter(connection=connection))
    shown = Outgoing.objects.filter(organisation=grant.organisation, id__in=[card.id for card in found])
    whose = dict(shown.values_list("id", "patient"))
    known = those_listed(grant=grant, ids=whose.values(), most=MOST)
    names = {item: known[patient].name for item, patient in whose.items() if patient in known}
    return tuple(replace(card, whose=names.get(card.id, "")) for card in found)


def one_stuck(*, grant: Grant, outgoing: UUID) -> OutgoingCard | None:
    """One of them."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE, Action.RECORD_SEND)
    return next(iter(_cards(stuck(practice=grant.organisation).filter(id=outgoing))), None)


def counts(*, grant: Grant, connection: UUID) -> Counts:
    """The numbers of one connection."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE, Action.RECORD_SEND)
    rows = Outgoing.objects.filter(organisation=grant.organisation, connection=connection)
    arrived = Attempt.objects.filter(outgoing__in=rows, outcome="delivered").values("outgoing").distinct()
    return Counts(
        waiting=rows.filter(due_at__isnull=False).count(),
        stuck=stuck(practice=grant.organisation).filter(connection=connection).count(),
        delivered=arrived.count(),
    )


@without_grant("Inside of another query or operation.")
def stuck(*, practice: UUID) -> QuerySet[Outgoing]:
    """What no try is planned for, did not arrive and was not given up."""
    mine = {"outgoing": OuterRef("pk")}
    arrived = Attempt.objects.filter(outcome__in=("delivered", "superseded"), **mine)
    given_up = Settlement.objects.filter(kind="given-up", **mine)
    rows = Outgoing.objects.filter(organisation=practice, due_at=None)
    return rows.filter(~Q(Exists(arrived)), ~Q(Exists(given_up)))


def _cards(rows: QuerySet[Outgoing]) -> tuple[OutgoingCard, ...]:
    tries = Attempt.objects.filter(outgoing=OuterRef("pk")).order_by("-began_at")
    shown = rows.annotate(
        last=Subquery(tries.values("id")[:1]),
    ).order_by("queued_at", "id")[:MOST]
    found = list(shown)
    last = Attempt.objects.in_bulk([row.last for row in found if row.last])
    return tuple(_card(row, last.get(row.last)) for row in found)


def _card(row: Outgoing, last: Attempt | None) -> OutgoingCard:
    return OutgoingCard(
        id=row.id,
        type=row.type,
        happened_at=row.happened_at,
        due_at=row.due_at,
        tries=row.attempts.count(),
        tried_at=last.began_at if last else None,
        why=reason(last.reason) if last and last.reason else "",
        said=last.said if last else "",
    )
