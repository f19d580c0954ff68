"""What stands in the search rows of a resource: by type, as it was written, and nothing endless."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from teleward.kernel.ids import new_id
from teleward.records.fhir.values import Value
from teleward.records.store.digests import digests_of
from teleward.records.store.finding import MOST_AMOUNT, Found, found_by, holder_of
from teleward.records.store.ranges import FIRST, LAST, UNDATED

DIGESTS = digests_of(new_id())
DAY, NEXT, LATER = (datetime(2026, 11, day, tzinfo=UTC) for day in (22, 23, 25))


def found(*values: Value, kind: str = "Observation") -> Found:
    return found_by(kind, values, DIGESTS)


def keys(place: str, *forms: str) -> set[int]:
    return {DIGESTS.of(place, form) for form in ("present", *forms)}


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        (Value("code", "token", "s", "C"), ["c", "s|c", "s|"]),
        (Value("code", "token", "", "C"), ["c", "|c"]),
        (Value("code", "token", "s"), ["s|"]),
        (Value("subject", "reference", target_type="Patient", target_id="1"), ["1", "Patient/1"]),
        (Value("subject", "reference", text="urn:x"), ["urn:x"]),
        (Value("subject", "reference"), []),
        (Value("url", "uri", text="urn:X"), ["urn:X"]),
        (Value("code-value", "composite"), []),
    ],
    ids=str,
)
def test_it_is_found_by_these_forms_and_no_other(value: Value, forms: list[str]) -> None:
    assert found(value).keys == keys(f"Observation.{value.param}", *forms)


def test_a_word_is_found_by_its_beginnings_and_exactly_as_it_is_written() -> None:
    place = "Patient.family"
    exactly = DIGESTS.of(place, "exactly", "Ay")
    assert found(Value("family", "string", text="Ay"), kind="Patient").keys == {
        *keys(place, "a", "ay"),
        exactly,
    }


def test_a_number_of_a_sort_is_found_with_its_system_its_sort_and_itself() -> None:
    sort = Value("identifier", "token", "t", "MR")
    value = Value("identifier", "token", "s", "A1", parts=(sort,))
    place = "Patient.identifier"
    of_sort = DIGESTS.of(place, "of-type", "t|MR|a1")
    assert found(value, kind="Patient").keys == {*keys(place, "a1", "s|a1", "s|"), of_sort}


def dated(start: datetime | None, end: datetime | None, param: str = "date") -> Value:
    return Value(param, "date", start=start, end=end)


def test_what_it_is_about_reaches_from_its_first_moment_to_its_last() -> None:
    for values in ([dated(DAY, NEXT), dated(NEXT, LATER)], [dated(NEXT, LATER), dated(DAY, NEXT)]):
        both = found(*values)
        assert (both.low, both.high, both.moments) == (DAY, LATER, [])


def test_another_time_of_it_stands_beside_and_moves_it_nowhere() -> None:
    beside = found(dated(DAY, NEXT, "issued"))
    assert (beside.low, beside.high) == (UNDATED, UNDATED)
    assert beside.moments == [(DIGESTS.of("Observation.issued"), DAY, NEXT)]


@pytest.mark.parametrize(("start", "end"), [(None, NEXT), (DAY, None)])
def test_without_a_beginning_and_an_end_it_has_no_time(start: Any, end: Any) -> None:
    assert found(dated(start, end)).low == UNDATED


def test_times_stay_within_what_the_database_counts() -> None:
    ages = dated(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 6, 1, tzinfo=UTC))
    assert (found(ages).low, found(ages).high) == (FIRST, LAST)
    before = dated(datetime(1, 1, 1, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC))
    assert (found(before).low, found(before).high) == (FIRST, FIRST)


@pytest.mark.parametrize(
    ("value", "amount", "unit"),
    [
        (Value("q", "quantity", code="kg", text="Kilo", number=Decimal("1.5")), 1.5, "kg"),
        (Value("q", "quantity", text="Kilo", number=Decimal(0)), 0.0, "Kilo"),
        (Value("q", "number", number=Decimal("1e400")), MOST_AMOUNT, ""),
        (Value("q", "number", number=Decimal("-1e400")), -MOST_AMOUNT, ""),
    ],
    ids=["unit", "zero", "endless", "below"],
)
def test_an_amount_stands_with_its_unit_and_is_never_endless(value: Value, amount: float, unit: str) -> None:
    of_unit = DIGESTS.of("unit", unit) if unit else 0
    assert found(value).amounts == [(DIGESTS.of("Observation.q"), amount, of_unit)]


def test_without_a_number_there_is_no_amount() -> None:
    assert found(Value("q", "quantity", code="kg")).amounts == []


def test_two_types_with_one_id_have_two_rows() -> None:
    same = new_id()
    assert holder_of("Patient", same) != holder_of("Observation", same)
