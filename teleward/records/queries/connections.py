"""The connections of a practice, as its administrators see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import staff_names
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.connections.known import KINDS
from teleward.records.models import Connection, Pause
from teleward.records.queries.outgoing import Counts, counts


@dataclass(frozen=True, kw_only=True)
class ConnectionCard:
    """One connection; `paused_why` and `ended_why` are empty where it is neither."""

    id: UUID
    kind: str
    kind_words: str
    name: str
    address: str
    sends: tuple[str, ...]
    settings: dict[str, Any]
    looks: bool
    has_keys: bool
    made_at: datetime
    made_by: str
    paused_at: datetime | None
    paused_why: str
    ended_at: datetime | None
    ended_why: str
    counts: Counts


def connections(*, grant: Grant) -> list[ConnectionCard]:
    """By name, those that stand first."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE, Action.RECORD_SEND)
    rows = Connection.objects.filter(organisation=grant.organisation).select_related("disconnection")
    cards = [_card(grant, row) for row in rows.order_by("name", "id")]
    return sorted(cards, key=lambda card: card.ended_at is not None)


def connection(*, grant: Grant, connection: UUID) -> ConnectionCard:
    """One of them. Raises NotFound."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE, Action.RECORD_SEND)
    rows = Connection.objects.filter(organisation=grant.organisation, id=connection)
    found = rows.select_related("disconnection").first()
    if found is None:
        raise NotFound
    return _card(grant, found)


@without_grant("Public keys, for the other side to know us by.")
def public_keys(*, connection: UUID) -> dict[str, Any]:
    """The JWK set of a connection that stands. Raises NotFound."""
    rows = Connection.objects.filter(id=connection, disconnection=None).values_list("public_keys", flat=True)
    found = rows.first()
    if not found:
        raise NotFound
    return dict(found)


def _card(grant: Grant, row: Connection) -> ConnectionCard:
    end, pause = getattr(row, "disconnection", None), _pause(row)
    kind = KINDS.get(row.kind)
    maker = staff_names(organisation_id=grant.organisation).get(row.made_by) if row.made_by else None
    return ConnectionCard(
        id=row.id,
        kind=row.kind,
        kind_words=str(kind.words) if kind else row.kind,
        name=row.name,
        address=row.address,
        sends=tuple(row.settings.get("sends", ())),
        settings={name: value for name, value in row.settings.items() if name != "sends"},
        looks=kind.looks if kind else False,
        has_keys=bool(row.public_keys),
        made_at=row.made_at,
        made_by=maker.name if maker else "",
        paused_at=pause.at if pause else None,
        paused_why=pause.why if pause else "",
        ended_at=end.at if end else None,
        ended_why=end.why if end else "",
        counts=counts(grant=grant, connection=row.id),
    )


def _pause(row: Connection) -> Pause | None:
    return row.pauses.filter(ended_at=None).first()
