"""The messages that came, as an administrator sees them: what became of them, and nobody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant
from teleward.kernel.openings import without_grant
from teleward.records.hl7.reasons import WORDS, Reason
from teleward.records.models import Handling, Received

MOST: Final = 100
STATES: Final[dict[str, tuple[str, ...]]] = {
    "waiting": ("", "waiting"),
    "refused": ("refused",),
    "done": ("applied", "passed", "older", "dropped"),
}
OUTCOMES: Final[dict[str, Promise]] = {
    "": _("not applied yet"),
    "applied": _("applied"),
    "passed": _("handed to the calendar"),
    "older": _("older than what is known"),
    "waiting": _("waits for a person"),
    "refused": _("refused"),
    "dropped": _("put aside"),
}
KINDS: Final[dict[str, Promise]] = {
    "ADT": _("Patient"),
    "ADT^A40": _("Two numbers, one patient"),
    "SIU^S12": _("Appointment booked"),
    "SIU^S13": _("Appointment moved"),
    "SIU^S14": _("Appointment changed"),
    "SIU^S15": _("Appointment called off"),
    "SIU^S17": _("Appointment deleted"),
    "SIU^S26": _("Patient did not come"),
}


@dataclass(frozen=True, kw_only=True)
class MessageCard:
    """One message in the list."""

    id: UUID
    sender: UUID
    sender_name: str
    kind: str
    kind_words: str
    number: str
    received_at: datetime
    outcome: str
    outcome_words: str
    reason: str
    place: str
    about: str
    may_be_applied: bool


def inbox(*, grant: Grant, state: str) -> tuple[MessageCard, ...]:
    """The newest messages of one of STATES, at most 100."""
    grant.must_cover(Action.APP_LIST)
    wanted = STATES.get(state, STATES["waiting"])
    found = list(
        with_newest(practice=grant.organisation).filter(last__in=wanted).order_by("-received_at")[:MOST]
    )
    handled = Handling.objects.in_bulk([row.handling for row in found])
    return tuple(_card(row, handled.get(row.handling)) for row in found)


def how_many_wait(*, grant: Grant) -> int:
    """How many messages wait for a person."""
    grant.must_cover(Action.APP_LIST)
    return with_newest(practice=grant.organisation).filter(last="waiting").count()


@without_grant("Inside of operations that have covered theirs.")
def newest_of(row: Received) -> Handling | None:
    """What became of it last."""
    return row.handlings.order_by("-at", "-id").first()


@without_grant("Inside of queries and operations that have covered theirs.")
def with_newest(*, practice: UUID) -> QuerySet[Any]:
    """Its messages; `last` is what became of each last, "" where nothing yet."""
    newest = Handling.objects.filter(received=OuterRef("pk")).order_by("-at", "-id")
    rows = Received.objects.filter(organisation=practice).select_related("sender")
    last = Coalesce(Subquery(newest.values("outcome")[:1]), Value(""))
    return rows.annotate(handling=Subquery(newest.values("id")[:1]), last=last)


def _card(row: Received, handling: Handling | None) -> MessageCard:
    outcome = handling.outcome if handling else ""
    reason = handling.reason if handling else ""
    return MessageCard(
        id=row.id,
        sender=row.sender_id,
        sender_name=row.sender.name,
        kind=row.kind,
        kind_words=str(KINDS.get(row.kind) or KINDS.get(row.kind.partition("^")[0]) or row.kind),
        number=row.number,
        received_at=row.received_at,
        outcome=outcome,
        outcome_words=str(OUTCOMES[outcome]),
        reason=str(WORDS[Reason(reason)]) if reason else "",
        place=handling.place if handling else "",
        about=handling.about if handling else "",
        may_be_applied=outcome in {"", "waiting", "refused"},
    )
