"""Readings held against limits, and when word of it goes out."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from teleward.devices.limits import ALERT, CRITICAL, USUAL, Range, is_critical
from teleward.devices.quiet import QuietHours, told_at
from teleward.devices.weighing import Said, both, outside

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
SYSTOLIC = {"8480-6": Range(low=Decimal(90), high=Decimal(135))}
BERLIN = "Europe/Berlin"


def _said(*values: str, code: str = "8480-6") -> list[Said]:
    return [
        Said(code=code, value=Decimal(value), at=AT + timedelta(minutes=minute))
        for minute, value in enumerate(values)
    ]


def test_a_value_on_the_limit_is_within_and_one_beyond_it_is_outside() -> None:
    assert outside(said=_said("90", "135"), limits=SYSTOLIC) == ()
    (low,) = outside(said=_said("89.9"), limits=SYSTOLIC)
    (high,) = outside(said=_said("135.1"), limits=SYSTOLIC)
    assert (low.last.value, high.last.value) == (Decimal("89.9"), Decimal("135.1"))


def test_a_side_without_a_limit_and_a_code_without_limits_raise_nothing() -> None:
    only_high = {"8480-6": Range(high=Decimal(135))}
    assert outside(said=_said("10"), limits=only_high) == ()
    assert outside(said=_said("500", code="29463-7"), limits=SYSTOLIC) == ()


def test_many_readings_outside_are_one_thing_with_its_first_last_lowest_and_highest() -> None:
    (found,) = outside(said=_said("150", "120", "80", "170", "140"), limits=SYSTOLIC)
    shown = [each.value for each in (found.first, found.last, found.lowest, found.highest)]
    assert shown == [Decimal(150), Decimal(140), Decimal(80), Decimal(170)]


def test_a_batch_that_is_told_twice_changes_nothing() -> None:
    (one,) = outside(said=_said("150", "80"), limits=SYSTOLIC)
    (other,) = outside(said=_said("150", "80", "190"), limits=SYSTOLIC)
    assert both(one, other) == other == both(both(one, other), one)


@pytest.mark.parametrize(
    ("clock", "told"),
    [("06:59", "07:00"), ("07:00", "07:00"), ("12:00", "12:00"), ("19:59", "19:59"), ("20:00", "07:00")],
)
def test_word_in_quiet_hours_waits_for_the_morning(clock: str, told: str) -> None:
    at = datetime.fromisoformat(f"2026-11-22T{clock}+01:00")
    found = told_at(at, zone=BERLIN, hours=QuietHours(), urgent=False)
    assert found.astimezone(at.tzinfo).strftime("%H:%M") == told
    assert timedelta() <= found - at <= timedelta(hours=11)


def test_urgent_word_does_not_wait_and_hours_within_one_day_and_none_at_all_hold_too() -> None:
    night = datetime.fromisoformat("2026-11-22T23:00+01:00")
    noon = datetime.fromisoformat("2026-11-22T13:00+01:00")
    assert told_at(night, zone=BERLIN, hours=QuietHours(), urgent=True) == night
    midday = QuietHours(begins=time(12), ends=time(14))
    assert told_at(noon, zone=BERLIN, hours=midday, urgent=False) == noon + timedelta(hours=1)
    assert told_at(night, zone=BERLIN, hours=midday, urgent=False) == night
    assert told_at(night, zone=BERLIN, hours=QuietHours(begins=time(7), ends=time(7)), urgent=False) == night


def test_what_is_usual_names_its_source_and_its_ends_are_in_order() -> None:
    assert all(each.source for each in USUAL.values())
    ends = [[end for end in (each.low, each.high) if end is not None] for each in USUAL.values()]
    assert all(low < high for each in ends for low, high in pairwise(each))
    assert USUAL["8480-6"].high == Decimal(135)


def test_what_is_urgent_is_passed_on_sooner() -> None:
    assert ALERT.escalated_when(urgent=True) < ALERT.escalated_when(urgent=False)


@pytest.mark.parametrize("code", CRITICAL)
def test_at_the_edge_nobody_waits_any_more_and_just_before_it_they_do(code: str) -> None:
    ends, bit = CRITICAL[code], Decimal("0.1")
    edges = [(end, inside) for end, inside in ((ends.low, bit), (ends.high, -bit)) if end is not None]
    found = {(is_critical(code, end), is_critical(code, end + inside)) for end, inside in edges}
    assert found == {(True, False)}
