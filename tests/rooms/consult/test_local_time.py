"""Clock times mean the right instant, also on the two nights when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleward.consult.local_time import NoSuchTime, TwoSuchTimes, day_of, instant, span

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def test_winter_and_summer_times_are_one_and_two_hours_ahead_of_utc() -> None:
    winter = instant(day=date(2027, 1, 15), clock=time(9), zone=BERLIN)
    summer = instant(day=date(2027, 7, 15), clock=time(9), zone=BERLIN)
    assert (winter.hour, summer.hour) == (8, 7)


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_a_time_the_clocks_jump_over_is_refused(clock: time) -> None:
    with pytest.raises(NoSuchTime):
        instant(day=SPRING, clock=clock, zone=BERLIN)


@pytest.mark.parametrize(("clock", "hour"), [(time(1, 59), 0), (time(3, 0), 1)])
def test_the_times_around_the_jump_exist(clock: time, hour: int) -> None:
    assert instant(day=SPRING, clock=clock, zone=BERLIN).hour == hour


def test_a_time_that_comes_twice_has_to_be_chosen() -> None:
    with pytest.raises(TwoSuchTimes):
        instant(day=AUTUMN, clock=time(2, 30), zone=BERLIN)


def test_the_two_equal_times_are_an_hour_apart() -> None:
    first, second = (
        instant(day=AUTUMN, clock=time(2, 30), zone=BERLIN, second=which) for which in (False, True)
    )
    assert second - first == timedelta(hours=1)
    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 6, 1), 24)])
def test_a_day_is_as_long_as_the_clocks_say(day: date, hours: int) -> None:
    start, end = span(day=day, zone=BERLIN)
    assert end - start == timedelta(hours=hours)


def test_a_practice_in_the_east_has_its_day_before_a_practice_in_the_west() -> None:
    at = datetime(2027, 1, 1, 11, tzinfo=UTC)
    assert day_of(at=at, zone="Pacific/Auckland") == date(2027, 1, 2)
    assert day_of(at=at, zone="Pacific/Honolulu") == date(2027, 1, 1)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - what a wall clock shows
def test_every_time_that_exists_comes_back_as_it_was(shown: datetime) -> None:
    shown = shown.replace(second=0, microsecond=0)
    try:
        at = instant(day=shown.date(), clock=shown.time(), zone=BERLIN, second=False)
    except NoSuchTime:
        assert shown.month == 3
        assert shown.hour == 2
        return
    start, end = span(day=shown.date(), zone=BERLIN)
    assert start <= at < end
    assert day_of(at=at, zone=BERLIN) == shown.date()
