"""Days in short, what came since, and what did not come: a trend says what the readings say."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from stage.home_readings import BERLIN, PULSE, comes
from stage.noon import HOUR, NOON, TODAY
from stage.visits import Stage

from teleward.access.grants import Action, Grant
from teleward.devices.models import Alert, DayInShort, DirtyDay
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.by_itself import grant_for_readings
from teleward.devices.operations.thresholds import DaysImpossible, Wanted, set_threshold
from teleward.devices.queries.trends import Trend, trends
from teleward.devices.tasks import look_for_what_did_not_come, sum_up_days
from teleward.devices.weighing import Said
from teleward.kernel.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def reading(stage: Stage) -> Grant:
    stage.visit_now()
    return grant_for_readings(patient=stage.patient.id)


def trend(grant: Grant, *, days: int = 7, first: date | None = None) -> Trend:
    since = first or TODAY - timedelta(days=days - 1)
    (found,) = trends(grant=grant, codes=(PULSE,), first=since, days=days, zone=BERLIN)
    return found


def said(found: Trend) -> tuple[int, str, str, str]:
    return found.n, found.lowest, found.highest, found.last.value if found.last else ""


def test_a_day_shows_each_value_a_week_each_hour_and_a_year_each_day(stage: Stage, reading: Grant) -> None:
    comes(stage, "60", "72", at=NOON - HOUR)
    comes(stage, "90", at=NOON - timedelta(days=2))
    shown = {days: trend(reading, days=days) for days in (1, 7, 30, 365)}
    assert [len(shown[days].spots) for days in (1, 7, 30, 365)] == [2, 2, 2, 2]
    assert [said(shown[days]) for days in (1, 7)] == [(2, "60", "72", "72"), (3, "60", "90", "72")]
    (before, today) = shown[365].spots
    assert (today.at, today.n, today.mean) == (datetime(2026, 11, 22, tzinfo=BERLIN), 2, Decimal(66))
    assert before.at.date() == date(2026, 11, 20)


def test_what_is_summed_up_says_the_same_as_what_is_read_one_by_one(
    stage: Stage, reading: Grant, noon: time_machine.Traveller
) -> None:
    comes(stage, "60", "72", "66", at=NOON - 3 * HOUR)
    before = [trend(reading, days=days) for days in (7, 365)]
    noon.shift(HOUR)
    sum_up_days(0)
    assert not DirtyDay.objects.exists()
    assert [trend(reading, days=days) for days in (7, 365)] == before


def test_what_came_since_a_day_was_summed_up_is_added_once(
    stage: Stage, reading: Grant, noon: time_machine.Traveller
) -> None:
    comes(stage, "60", "72", at=NOON - 3 * HOUR)
    noon.shift(HOUR)
    sum_up_days(0)
    noon.shift(HOUR)
    comes(stage, "99", at=NOON)
    sum_up_days(0)  # too early for what just came: it may not be there whole
    assert DirtyDay.objects.count() == 1
    assert said(trend(reading)) == said(trend(reading, days=365)) == (3, "60", "99", "99")
    noon.shift(HOUR)
    sum_up_days(0)
    assert said(trend(reading)) == (3, "60", "99", "99")
    assert not DirtyDay.objects.exists()


def test_summing_up_twice_changes_nothing(stage: Stage, reading: Grant, noon: time_machine.Traveller) -> None:
    comes(stage, "60", at=NOON - HOUR)
    for _round in range(2):
        noon.shift(HOUR)
        sum_up_days(0)
        DirtyDay.objects.create(
            organisation=stage.practice.id, patient=stage.patient.id, kind="heart-rate", day=TODAY
        )
    assert DayInShort.objects.count() == 1
    assert said(trend(reading)) == (1, "60", "60", "60")


def test_what_is_in_short_is_sealed_and_where_nothing_came_nothing_is_said(
    stage: Stage, reading: Grant, noon: time_machine.Traveller
) -> None:
    comes(stage, "60", at=NOON - HOUR)
    noon.shift(HOUR)
    sum_up_days(0)
    assert b"60" not in bytes(DayInShort.objects.get().said)
    assert trend(reading, first=TODAY - timedelta(days=60)).spots == ()
    assert trend(reading, days=1, first=TODAY - timedelta(days=1)).last is None


def test_nothing_for_as_many_days_as_somebody_wanted_to_know_of_raises_one_alert_that_ends_by_itself(
    stage: Stage, reading: Grant, noon: time_machine.Traveller
) -> None:
    comes(stage, "60", at=NOON - HOUR)
    set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=PULSE, silent_days=3))
    noon.shift(timedelta(days=3) - 2 * HOUR)
    look_for_what_did_not_come(0)
    assert not Alert.objects.exists()
    noon.shift(2 * HOUR)
    look_for_what_did_not_come(0)
    look_for_what_did_not_come(0)
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.closed_at) == ("silence", None)
    noon.shift(HOUR)
    weigh(grant=reading, said=[Said(code=PULSE, value=Decimal(60), at=now())])
    noon.shift(HOUR)
    weigh(grant=reading, said=[Said(code=PULSE, value=Decimal(61), at=now())])
    alert.refresh_from_db()
    assert alert.closed_at == now() - HOUR


@pytest.mark.parametrize("days", [0, 91])
def test_days_that_nobody_can_mean_are_refused(stage: Stage, reading: Grant, days: int) -> None:
    with pytest.raises(DaysImpossible):
        set_threshold(
            grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=PULSE, silent_days=days)
        )


def test_readings_of_somebody_else_are_in_no_trend(stage: Stage, reading: Grant) -> None:
    comes(stage, "60", at=NOON - HOUR, whose=UUID(int=1))
    assert [trend(reading, days=days).spots for days in (1, 7, 365)] == [(), (), ()]
