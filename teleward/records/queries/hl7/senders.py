"""Which systems may send messages, and whom of the practice they mean."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import organisation, staff_names
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.models import KnownAs, Sender, SenderEnd


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Who is at the other end of a wire. `certificate` is its SHA-256 in hexadecimal, "" without TLS."""

    address: str
    certificate: str = ""


@dataclass(frozen=True, kw_only=True)
class SenderCard:
    """One registered system."""

    id: UUID
    organisation: UUID
    name: str
    application: str
    facility: str
    proof: str  # certificate, address
    known_by: str
    charset: str
    assigners: tuple[str, ...]  # addresses of kinds of numbers
    made_at: datetime
    ended_at: datetime | None
    ended_because: str


@dataclass(frozen=True, kw_only=True)
class Called:
    """What a system calls somebody of the practice."""

    id: UUID
    called: str
    person: UUID
    name: str


@without_grant("The way in: who it is, before the gate is asked. A sender is no person.")
def sender_of(*, peer: Peer, application: str, facility: str) -> SenderCard | None:
    """The registered system at the other end that calls itself this; the most exact one, or None.

    None also where systems of more than one practice fit: a message never has to guess its practice.
    """
    proof, known_by = ("certificate", peer.certificate) if peer.certificate else ("address", peer.address)
    rows = Sender.objects.filter(proof=proof, known_by=known_by, application=application, end=None)
    fitting = sorted(
        (row for row in rows if row.facility in {"", facility}), key=lambda row: not row.facility
    )
    if len({row.organisation for row in fitting}) != 1:
        return None
    return _card(fitting[0])


@without_grant("Ids of systems, for the job that asks the gate for each practice.")
def all_senders() -> tuple[SenderCard, ...]:
    """Every registered system of every practice, also those that were ended."""
    return tuple(_card(row) for row in Sender.objects.select_related("end").order_by("made_at"))


def senders(*, grant: Grant) -> tuple[SenderCard, ...]:
    """The systems of the grant's practice, those in use first."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE)
    rows = Sender.objects.filter(organisation=grant.organisation).select_related("end").order_by("name")
    return tuple(sorted(map(_card, rows), key=lambda card: card.ended_at is not None))


def sender(*, grant: Grant, sender_id: UUID) -> SenderCard:
    """One of them. Raises NotFound."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE, Action.MESSAGE_TAKE)
    row = Sender.objects.filter(organisation=grant.organisation, id=sender_id).select_related("end").first()
    if row is None:
        raise NotFound
    return _card(row)


def called(*, grant: Grant, sender_id: UUID) -> tuple[Called, ...]:
    """What it calls whom."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE)
    names = staff_names(organisation_id=grant.organisation)
    rows = KnownAs.objects.filter(sender=sender_id, sender__organisation=grant.organisation)
    return tuple(
        Called(id=row.id, called=row.called, person=row.person, name=names[row.person].name)
        for row in rows.order_by("called")
        if row.person in names
    )


def person_called(*, grant: Grant, sender_id: UUID, names: tuple[str, ...]) -> UUID | None:
    """Whom of the practice a sender means by the first of these words that is known."""
    grant.must_cover(Action.MESSAGE_TAKE, Action.APP_CHANGE)
    rows = KnownAs.objects.filter(sender=sender_id, sender__organisation=grant.organisation)
    known = dict(rows.filter(called__in=names).values_list("called", "person"))
    return next((known[name] for name in names if name in known), None)


@without_grant("What stands on the practice's door.")
def zone_of(*, practice: UUID) -> ZoneInfo:
    """The clock of the practice."""
    return ZoneInfo(organisation(organisation_id=practice).time_zone)


def _card(row: Sender) -> SenderCard:
    end: SenderEnd | None = getattr(row, "end", None)
    return SenderCard(
        id=row.id,
        organisation=row.organisation,
        name=row.name,
        application=row.application,
        facility=row.facility,
        proof=row.proof,
        known_by=row.known_by,
        charset=row.charset,
        assigners=tuple(row.assigners),
        made_at=row.made_at,
        ended_at=end.at if end else None,
        ended_because=end.why if end else "",
    )
