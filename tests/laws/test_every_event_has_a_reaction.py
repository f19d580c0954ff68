"""Every event in the catalogue moves somebody, or says that it is for the ledger only."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from teleward.kernel.events import LEDGER_ONLY, Event, reactions

TESTS = Path(__file__).parents[1]
BY_HAND = re.compile(r"from teleward\.\w+\.reactions import|from teleward\.\w+ import .*\breactions\b")


def _unheard(
    events: Iterable[str], heard: Mapping[str, object], ledger_only: frozenset[str]
) -> Iterator[str]:
    for event in events:
        if bool(heard.get(event)) == (event in ledger_only):
            yield event


def test_every_event_has_a_reaction_or_is_for_the_ledger_only() -> None:
    heard = {event.value: functions for event, functions in reactions.items()}
    only = frozenset(event.value for event in LEDGER_ONLY)
    assert list(_unheard([event.value for event in Event], heard, only)) == []


def test_an_unheard_event_and_a_contradiction_are_caught() -> None:
    heard = {"heard": [print], "both": [print]}
    planted = ["heard", "unheard", "both", "noted"]
    assert list(_unheard(planted, heard, frozenset({"both", "noted"}))) == ["unheard", "both"]


def _by_hand(text: str) -> bool:
    return bool(BY_HAND.search(text))


def test_no_test_calls_a_reaction_by_hand_for_then_nobody_sees_that_the_event_is_not_published() -> None:
    tests = (file for file in TESTS.rglob("*.py") if file != Path(__file__))
    assert [file.name for file in tests if _by_hand(file.read_text())] == []


def test_a_reaction_called_by_hand_is_caught() -> None:
    planted = ("from teleward.consult.reactions import keep", "from teleward.consult import reactions")
    assert all(map(_by_hand, planted))
    assert not _by_hand("from teleward.kernel.events import Event, reactions")


def test_an_event_is_named_room_subject_and_past_tense() -> None:
    for event in Event:
        room, subject, deed = event.value.split(":")
        assert room
        assert subject
        assert deed.endswith(("ed", "n", "t")), event.value
