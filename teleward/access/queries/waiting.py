"""What waits for somebody as a second person: ids only, for the line at the top of their pages."""

from dataclasses import dataclass
from uuid import UUID

from teleward.access.actors import Actor
from teleward.access.queries.glass import waiting_for_second
from teleward.access.queries.tiers import closings_that_wait
from teleward.kernel.openings import without_grant

SECONDING = frozenset({"physician", "privacy-officer"})


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Emergency accesses to closed records, and patients whose record is to be closed."""

    asked: bool = False  # whether this reader can be a second person at all
    glasses: tuple[UUID, ...] = ()
    closings: tuple[UUID, ...] = ()


NOTHING_WAITS = Waiting()


@without_grant("Ids of what waits, nobody's name; opening one passes its own gate.")
def waiting_for(*, actor: Actor) -> Waiting:
    """What somebody else asked for and this person may agree to."""
    if actor.organisation is None or actor.locked or not actor.roles & SECONDING:
        return NOTHING_WAITS
    return Waiting(
        asked=True,
        glasses=tuple(waiting_for_second(organisation=actor.organisation, other_than=actor.id)),
        closings=tuple(closings_that_wait(organisation=actor.organisation, other_than=actor.id)),
    )
