"""The clock of the server: a moved one would date the ledger wrongly, so it stands in the ledger."""

from datetime import datetime, timedelta

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.people import system_grant
from teleward.audit.queries import newest_after
from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant

TOLERATED = timedelta(seconds=5)


@without_grant("It looks at times, nobody's data; what it finds has its own grant.")
def notice_clock_change(*, moved: timedelta) -> bool:
    """Tells the ledger that the clock was moved, back where `moved` is negative. Returns whether it did."""
    if abs(moved) <= TOLERATED:
        return False
    tell_clock_change(grant=_grant(), moved=moved)
    return True


@without_grant("It looks at times, nobody's data; what it finds has its own grant.")
def notice_entries_ahead() -> bool:
    """Tells the ledger if it holds an entry of the future: the clock went back while nobody looked."""
    at = now()
    newest = newest_after(moment=at + TOLERATED)
    if newest is None:
        return False
    tell_clock_change(grant=_grant(), moved=at - newest, newest=newest)
    return True


def tell_clock_change(*, grant: Grant, moved: timedelta, newest: datetime | None = None) -> None:
    """Writes it down: whole seconds, and the entry of the future where there is one."""
    grant.must_cover(Action.CLOCK_CHANGE)
    found: dict[str, str | int | list[str]] = {"newest": newest.isoformat()} if newest else {}
    record(grant=grant, detail={"moved": round(moved.total_seconds()), **found})


def _grant() -> Grant:
    return system_grant(action=Action.CLOCK_CHANGE, organisation=None, via="job")
