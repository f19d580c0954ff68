"""A day in short says exactly what its readings say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from teleward.devices.rollups import (
    Day,
    Point,
    decode,
    decode_whole,
    encode,
    hours_of,
    merged,
    midnight,
    rolled,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 22)
VALUES = st.decimals(min_value="-50", max_value="999", places=1)
OFFSETS = st.integers(min_value=0, max_value=24 * 3600 - 1)


def _points(values: list[tuple[int, Decimal]], day: date = DAY) -> list[Point]:
    begins = midnight(day, BERLIN).astimezone(UTC)
    return [Point(at=begins + timedelta(seconds=after), value=str(value)) for after, value in values]


def _certain(found: Day | None) -> Day:
    assert found is not None
    return found


def test_a_day_says_how_many_the_lowest_the_highest_and_the_sum_of_each_hour() -> None:
    points = _points([(60, Decimal(120)), (120, Decimal("135.5")), (7200, Decimal(99))])
    day = _certain(rolled(points, day=DAY, zone=BERLIN))
    assert (day.whole.n, day.whole.low, day.whole.high, day.whole.total) == (3, "99", "135.5", "354.5")
    assert [each and each.n for each in day.hours[:4]] == [2, None, 1, None]
    assert day.whole.mean == Decimal("354.5") / 3


def test_nothing_measured_is_no_day_and_other_days_are_left_out() -> None:
    assert rolled([], day=DAY, zone=BERLIN) is None
    before = Point(at=midnight(DAY, BERLIN) - timedelta(seconds=1), value="1")
    after = Point(at=midnight(DAY + timedelta(days=1), BERLIN), value="1")
    assert rolled([before, after], day=DAY, zone=BERLIN) is None


def test_the_day_on_which_the_clocks_go_back_has_25_hours_and_each_reading_has_its_own() -> None:
    autumn, spring = date(2026, 10, 25), date(2026, 3, 29)
    assert (hours_of(autumn, BERLIN), hours_of(DAY, BERLIN), hours_of(spring, BERLIN)) == (25, 24, 23)
    twice = [Point(at=datetime(2026, 10, 25, hour, 30, tzinfo=UTC), value="1") for hour in (0, 1)]
    day = _certain(rolled(twice, day=autumn, zone=BERLIN))
    assert [hour for hour, each in enumerate(day.hours) if each] == [2, 3]


def test_what_is_kept_is_read_again_as_it_was_and_the_day_alone_too() -> None:
    day = _certain(rolled(_points([(0, Decimal("37.2"))]), day=DAY, zone=BERLIN))
    assert decode(encode(day)) == day
    assert (decode_whole(encode(day)).whole, decode_whole(encode(day)).last) == (day.whole, day.last)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(OFFSETS, VALUES), min_size=1, max_size=60))
def test_no_reading_is_lost_or_counted_twice_whatever_is_measured(values: list[tuple[int, Decimal]]) -> None:
    day = _certain(rolled(_points(values), day=DAY, zone=BERLIN))
    numbers = [value for _after, value in values]
    assert day.whole.n == len(numbers) == sum(each.n for each in day.hours if each)
    assert Decimal(day.whole.total) == sum(numbers)
    assert (Decimal(day.whole.low), Decimal(day.whole.high)) == (min(numbers), max(numbers))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(OFFSETS, VALUES), min_size=2, max_size=40), st.data())
def test_a_day_that_came_in_two_parts_is_the_day_that_came_at_once(
    values: list[tuple[int, Decimal]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(min_value=1, max_value=len(values) - 1))
    parts = [_certain(rolled(_points(part), day=DAY, zone=BERLIN)) for part in (values[:cut], values[cut:])]
    whole = _certain(rolled(_points(values), day=DAY, zone=BERLIN))
    both = merged(*parts)
    assert (both.whole, both.hours, both.last.at) == (whole.whole, whole.hours, whole.last.at)
