"""What waits for somebody as a second person: ids only, for the line at the top of their pages."""

from dataclasses import dataclass
from uuid import UUID

from teleward.access.actors import Actor
from teleward.access.queries.accounts import SECONDING as CONFIRMING
from teleward.access.queries.accounts import accounts_that_wait
from teleward.access.queries.glass import waiting_for_second
from teleward.access.queries.tiers import closings_that_wait, loosenings_that_wait
from teleward.kernel.openings import without_grant

SECONDING = frozenset({"physician", "privacy-officer"})  # of records


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Emergencies with closed records, and patients whose record or account somebody decides about."""

    asked: bool = False  # whether this reader can be a second person at all
    glasses: tuple[UUID, ...] = ()
    closings: tuple[UUID, ...] = ()
    loosenings: tuple[UUID, ...] = ()
    accounts: tuple[UUID, ...] = ()


NOTHING_WAITS = Waiting()


@without_grant("Ids of what waits, nobody's name; opening one passes its own gate.")
def waiting_for(*, actor: Actor) -> Waiting:
    """What somebody else asked for and this person may agree to."""
    here, me = actor.organisation, actor.id
    if here is None or actor.locked or not actor.roles & CONFIRMING:
        return NOTHING_WAITS
    accounts = tuple(accounts_that_wait(organisation=here, other_than=me))
    if not actor.roles & SECONDING:
        return Waiting(asked=True, accounts=accounts)
    return Waiting(
        asked=True,
        glasses=tuple(waiting_for_second(organisation=here, other_than=me)),
        closings=tuple(closings_that_wait(organisation=here, other_than=me)),
        loosenings=tuple(loosenings_that_wait(organisation=here, other_than=me)),
        accounts=accounts,
    )
