"""Numbers that were taken, and columns as PostgreSQL has them: pure, held against other implementations."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from teleward.devices.numbers import MOST_PIECES, Numbers, numbers_of
from teleward.devices.packing import instant, instants, microseconds, sealed, whole, words

SOME = st.lists(st.lists(st.integers(0, 60), max_size=12), max_size=6)


def dumped(values: list[object]) -> bytes:
    """As psycopg packs a list."""
    packed = Transformer().dump_sequence([values], [PyFormat.BINARY])[0]
    assert packed is not None
    return bytes(packed)


@given(SOME)
@settings(max_examples=200)
def test_numbers_hold_what_a_set_would(batches: list[list[int]]) -> None:
    numbers, known = Numbers(), set[int]()
    for batch in batches:
        numbers, known = numbers.with_(batch), known | set(batch)
    assert {number for number in range(62) if number in numbers} == known
    assert numbers_of(str(numbers)) == numbers
    expected = Multirange(Range(first, end) for first, end in numbers.pieces)
    assert str(numbers) == str(expected).replace(", ", ",").replace(" ", "")


@given(st.sets(st.integers(0, 5_000), min_size=MOST_PIECES, max_size=2 * MOST_PIECES))
@settings(max_examples=50)
def test_too_many_gaps_are_closed_from_the_oldest_and_nothing_taken_is_forgotten(taken: set[int]) -> None:
    numbers = Numbers().with_(taken)
    assert len(numbers.pieces) <= MOST_PIECES
    assert all(number in numbers for number in taken)
    assert numbers.pieces[-1][1] == max(taken) + 1


def test_columns_are_packed_as_psycopg_packs_them() -> None:
    assert whole([2**40, 2**41]) == dumped([2**40, 2**41])
    assert sealed([b"", b"\x00\xff"]) == dumped([b"", b"\x00\xff"])
    at = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
    assert instants([microseconds(at)]) == dumped([at])
    assert instant(microseconds(at)) == at
    assert words(["ä", "b"])[12:] == dumped(["ä", "b"])[12:]
