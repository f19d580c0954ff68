"""Readings one by one, as people look them through: a day of them, and those that were marked as wrong."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, Grant, would_allow
from teleward.access.queries.visits import visits_kept_closer
from teleward.devices.kinds import KINDS
from teleward.devices.models import Kept
from teleward.devices.queries.instruments import called
from teleward.devices.queries.readings import HomeCard, named_readings, readings_between, wrong_readings
from teleward.devices.queries.sharings import KeptReading, kept_between, kept_named
from teleward.devices.queries.wrong import Name, Wrong, newest_taken_back, newest_wrong
from teleward.devices.readings import Reading
from teleward.devices.rollups import midnight
from teleward.devices.whose import whose

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reading, or an hour of what is measured all the time; `ref` names it on a page of its day.

    `values` are pairs of code and decimal as text, of an hour none; `wrong` where somebody says so.
    `device`: maker and model of what measured, where it says them.
    """

    ref: str
    names: tuple[Name, ...]
    at: datetime
    kind: str
    values: tuple[tuple[str, str], ...]
    wrong: Wrong | None
    device: str = ""

    @property
    def is_hour(self) -> bool:
        """Whether it stands for all of an hour."""
        return len(self.names) > 1


def readings_of_day(*, grant: Grant, day: date, zone: ZoneInfo) -> tuple[Line, ...]:
    """What was measured of the grant's patient on this day of the calendar, in order.

    Of visits that are kept closer nothing is among it. Raises KeyDestroyed.
    """
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    since, until = midnight(day, zone), midnight(day + DAY, zone)
    home = readings_between(grant=grant, patient=whose(grant), since=since, until=until)
    kept = kept_between(grant=grant, since=since - DAY, until=until + DAY)
    within = [each for each in kept if since <= each.reading.received_at < until]
    lines = [*_from_home(home), *(_kept(each) for each in within)]
    return tuple(sorted(lines, key=lambda line: (line.at, line.ref)))


def lines_marked(
    *, grant: Grant, since: datetime, until: datetime, shown: Collection[UUID] = ()
) -> tuple[Line, ...]:
    """Readings of this time that somebody says are wrong, in order.

    `shown`: of which visits that are kept closer they are among them; of others they are not.
    """
    grant.must_cover(Action.READING_READ)
    home = wrong_readings(grant=grant, since=since, until=until)
    closed = visits_kept_closer(patient=whose(grant)).keys() - set(shown)
    kept = kept_named(grant=grant, names=newest_wrong(grant=grant).keys())
    open_ones = (each for each in kept if each.visit not in closed)
    within = [each for each in open_ones if since <= each.reading.received_at < until]
    lines = [*_from_home(home), *(_kept(each) for each in within)]
    return tuple(sorted(lines, key=lambda line: (line.at, line.ref)))


def lines_taken_back(
    *, grant: Grant, since: datetime, until: datetime, shown: Collection[UUID] = ()
) -> tuple[Line, ...]:
    """Readings of this time that were marked as wrong and count again, in order. `shown` as above."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    marks = newest_taken_back(grant=grant)
    closed = visits_kept_closer(patient=whose(grant)).keys() - set(shown)
    home = [each for each in named_readings(grant=grant, names=marks.keys()) if since <= each.at < until]
    kept = [each for each in kept_named(grant=grant, names=marks.keys()) if each.visit not in closed]
    within = [each for each in kept if since <= each.reading.received_at < until]
    lines = [*_from_home([card for card in home if not card.wrong]), *map(_kept, within)]
    again = [replace(line, wrong=marks[line.names[0]]) for line in lines if line.wrong is None]
    return tuple(sorted(again, key=lambda line: (line.at, line.ref)))


def left_out_closer(*, grant: Grant, since: datetime, until: datetime, shown: Collection[UUID] = ()) -> int:
    """How many readings kept in this time the trend does not have, as their visits are kept closer.

    `shown`: of which of these visits it has them.

    None for whoever may not know of such visits.
    """
    grant.must_cover(Action.READING_READ)
    closer = visits_kept_closer(patient=whose(grant)).keys() - set(shown)
    asked = replace(grant.subject, category="closer")
    if not closer or not would_allow(grant=grant, action=Action.READING_READ, subject=asked):
        return 0
    kept = Kept.objects.filter(sharing__patient=whose(grant), sharing__visit__in=closer)
    return kept.filter(at__gte=since, at__lt=until).count()


def _from_home(cards: Collection[HomeCard]) -> Iterator[Line]:
    """Continuous ones by device and hour, those marked apart from the others."""
    alone = [card for card in cards if not KINDS[card.reading.kind].continuous]
    yield from (_line([card]) for card in alone)
    always = sorted((card for card in cards if KINDS[card.reading.kind].continuous), key=_hour)
    yield from (_line(list(together)) for _key, together in groupby(always, key=_hour))


def _hour(card: HomeCard) -> tuple[str, str, datetime, bool]:
    begun = card.at.replace(minute=0, second=0, microsecond=0)
    return str(card.pairing), card.reading.kind, begun, card.wrong is not None


def _line(cards: Sequence[HomeCard]) -> Line:
    first = min(cards, key=lambda card: card.at)
    return Line(
        ref=f"{first.pairing}.{first.sequence}",
        names=tuple((card.pairing, card.sequence) for card in cards),
        at=first.at,
        kind=first.reading.kind,
        values=_values(first.reading) if len(cards) == 1 else (),
        wrong=first.wrong,
        device=called(first.reading.device),
    )


def _kept(kept: KeptReading) -> Line:
    return Line(
        ref=f"{kept.id}.0",
        names=((kept.id, 0),),
        at=kept.reading.received_at,
        kind=kept.reading.kind,
        values=_values(kept.reading),
        wrong=kept.wrong,
        device=called(kept.reading.device),
    )


def _values(reading: Reading) -> tuple[tuple[str, str], ...]:
    return tuple((value.code, value.value) for value in reading.values if value.value is not None)
