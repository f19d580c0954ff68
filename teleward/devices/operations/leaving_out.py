"""What counts no longer, marked as wrong or of a visit that is kept closer, leaves trends and alerts."""

from collections.abc import Iterable
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.operations.alerts import weigh_anew
from teleward.devices.operations.summing import sum_up_anew
from teleward.devices.queries.readings import named_readings
from teleward.devices.queries.sharings import kept_in, kept_named
from teleward.devices.queries.wrong import marked_together
from teleward.devices.readings import Reading


def leave_out_marked(*, grant: Grant, disowned: UUID) -> None:
    """Alerts about the grant's patient hold nothing any more that was marked by this press. Idempotent."""
    grant.must_cover(Action.READING_READ)
    names = marked_together(grant=grant, disowned=disowned)
    home = [card.reading for card in named_readings(grant=grant, names=names)]
    kept = [card.reading for card in kept_named(grant=grant, names=names)]
    weigh_anew(grant=grant, codes=_codes([*home, *kept]))


def leave_out_closer(*, grant: Grant) -> None:
    """How close the grant's visit is kept was changed: its days are summed up anew. Idempotent."""
    grant.must_cover(Action.READING_READ)
    kept = kept_in(grant=grant)
    sum_up_anew(grant=grant, measured=[(each.reading.kind, each.reading.received_at) for each in kept])
    weigh_anew(grant=grant, codes=_codes(each.reading for each in kept))


def _codes(readings: Iterable[Reading]) -> set[str]:
    return {value.code for reading in readings for value in reading.values}
