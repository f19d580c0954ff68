"""Making and ending the calendar that a clinician subscribes to."""

from teleward.access.grants import SYSTEM, Action, Circumstances, Grant, Subject, authorise, record
from teleward.consult.models import CalendarFeed
from teleward.consult.queries.feeds import FeedCard
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.openings import without_grant


def make_feed(*, grant: Grant) -> str:
    """A new secret for the person's calendar, shown once; the one before opens nothing any more."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    _end(grant)
    token = new_token()
    made = CalendarFeed.objects.create(
        by=grant.actor.id, organisation=grant.organisation, secret_hash=token_hash(token)
    )
    record(grant=grant, detail={"calendar": str(made.id)})
    return token


def end_feed(*, grant: Grant) -> None:
    """The address opens nothing any more."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    _end(grant)


@without_grant("The way into a grant: asks the gate as the server, which keeps the diary.")
def open_feed(*, feed: FeedCard, circumstances: Circumstances) -> Grant:
    """Asks the gate for one reading of the calendar; the ledger has which one, and whose. Raises Refused."""
    practice = feed.organisation
    grant = authorise(
        actor=SYSTEM,
        action=Action.VISIT_LIST,
        subject=Subject(kind="Organisation", id=practice, organisation=practice),
        circumstances=circumstances,
        detail={"calendar": str(feed.id), "for": str(feed.person)},
    )
    CalendarFeed.objects.filter(id=feed.id).update(used_at=now())
    return grant


def _end(grant: Grant) -> None:
    rows = CalendarFeed.objects.filter(by=grant.actor.id, ended_at=None)
    if rows.update(ended_at=now()):
        record(grant=grant, detail={"calendar": "ended"})
