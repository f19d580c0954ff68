"""Minutes really used: measured, each once, and only while both sides were there."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from teleward.consult.minutes import Stretch, used, whole_minutes
from teleward.consult.modes import ACHIEVED

START = datetime(2027, 1, 11, 9, tzinfo=UTC)


def stretch(mode: str, begin: int, end: int, *, host: bool = False) -> Stretch:
    return Stretch(
        host=host, mode=mode, start=START + timedelta(minutes=begin), end=START + timedelta(minutes=end)
    )


def minutes(*stretches: Stretch) -> dict[str, int]:
    return {mode: whole_minutes(length) for mode, length in used(stretches).items()}


def test_only_the_time_with_both_sides_counts() -> None:
    assert minutes(stretch("video", 0, 30, host=True), stretch("video", 5, 20)) == {"video": 15}


def test_nobody_alone_in_a_room_talks() -> None:
    assert minutes(stretch("video", 0, 30, host=True)) == {}
    assert minutes(stretch("video", 0, 30)) == {}


def test_two_tabs_of_one_person_count_once() -> None:
    tabs = stretch("video", 0, 10), stretch("video", 4, 12)
    assert minutes(stretch("video", 0, 12, host=True), *tabs) == {"video": 12}


def test_a_change_of_mode_splits_the_time() -> None:
    host = stretch("video", 0, 20, host=True)
    assert minutes(host, stretch("video", 0, 12), stretch("audio", 12, 20)) == {"video": 12, "audio": 8}


def test_where_modes_overlap_the_better_one_counts() -> None:
    host = stretch("video", 0, 10, host=True)
    assert minutes(host, stretch("audio", 0, 10), stretch("video", 2, 6)) == {"audio": 6, "video": 4}


def test_a_gap_does_not_count() -> None:
    host = stretch("video", 0, 30, host=True)
    assert minutes(host, stretch("video", 0, 5), stretch("video", 25, 30)) == {"video": 10}


def test_a_telephone_call_counts_by_the_word_of_the_clinician() -> None:
    assert minutes(stretch("phone", 0, 7, host=True)) == {"phone": 7}


def test_begun_minutes_are_whole_ones() -> None:
    assert [whole_minutes(timedelta(seconds=s)) for s in (0, 1, 60, 61)] == [0, 1, 1, 2]


stretches = st.builds(
    lambda host, mode, begin, length: stretch(mode, begin, begin + length, host=host),
    st.booleans(),
    st.sampled_from([mode for mode in ACHIEVED if mode != "phone"]),
    st.integers(0, 60),
    st.integers(0, 60),
)


@given(st.lists(stretches, max_size=12))
def test_never_more_time_than_either_side_was_there(found: list[Stretch]) -> None:
    total = sum(used(found).values(), timedelta())
    for host in (True, False):
        side = sum(used([*_as_both(found, host=host)]).values(), timedelta())
        assert total <= side


def _as_both(found: list[Stretch], *, host: bool) -> list[Stretch]:
    own = [each for each in found if each.host is host]
    return [Stretch(host=side, mode="video", start=e.start, end=e.end) for e in own for side in (True, False)]
