"""What did not go out, and what a person does about it: sends it again, or gives it up."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.records.models import Outgoing, Settlement
from teleward.records.operations.outbox import send_soon
from teleward.records.queries.outgoing import stuck

RESENT, GIVEN_UP = "resent", "given-up"
MOST_AT_ONCE = 500


class WhyMissing(Problem):
    """Nothing is given up without a word."""

    code = "records:why-missing"
    status = 422
    message = _("Please say in a few words why it need not be sent.")


def resend(*, grant: Grant, outgoing: UUID) -> UUID:
    """Sends it again, as if for the first time; returns the connection. Raises NotFound."""
    grant.must_cover(Action.RECORD_SEND, subject=grant.organisation)
    row = stuck(practice=grant.organisation).filter(id=outgoing).first()
    if row is None:
        raise NotFound
    _settle(grant, [row], RESENT)
    send_soon(connection=row.connection_id)
    return row.connection_id


def resend_all(*, grant: Grant, connection: UUID) -> int:
    """Sends all that is stuck there again; returns how many that are."""
    grant.must_cover(Action.RECORD_SEND, subject=grant.organisation)
    rows = list(
        stuck(practice=grant.organisation)
        .filter(connection=connection)
        .order_by("queued_at", "id")[:MOST_AT_ONCE]
    )
    _settle(grant, rows, RESENT)
    if rows:
        send_soon(connection=connection)
    return len(rows)


def give_up(*, grant: Grant, outgoing: UUID, why: str) -> UUID:
    """It need not be sent any more; returns the connection. Raises NotFound or WhyMissing."""
    grant.must_cover(Action.RECORD_SEND, subject=grant.organisation)
    row = stuck(practice=grant.organisation).filter(id=outgoing).first()
    if row is None:
        raise NotFound
    if not why.strip():
        raise WhyMissing
    _settle(grant, [row], GIVEN_UP, why.strip()[:200])
    return row.connection_id


@transaction.atomic
def _settle(grant: Grant, rows: Iterable[Outgoing], kind: str, why: str = "") -> None:
    for row in rows:
        Settlement.objects.create(outgoing=row, kind=kind, by=grant.actor.id, why=why)
        if kind == RESENT:
            Outgoing.objects.filter(id=row.id).update(due_at=now())
    ids = [str(row.id) for row in rows]
    record(grant=grant, detail={"settled": kind, "outgoing": ids})
