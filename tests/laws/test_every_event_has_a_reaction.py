"""Every event in the catalogue moves somebody, or says that it is for the ledger only."""

from collections.abc import Iterable, Iterator, Mapping

from teleward.kernel.events import LEDGER_ONLY, Event, reactions


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


def test_an_event_is_named_room_subject_and_past_tense() -> None:
    for event in Event:
        room, subject, deed = event.value.split(":")
        assert room
        assert subject
        assert deed.endswith(("ed", "n", "t")), event.value
