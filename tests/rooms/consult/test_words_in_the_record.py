"""What two people said after comparing the words, and what the record makes of it."""

import pytest
from stage.play import HOST, PATIENT, Play
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.consult.cards import Words
from teleward.consult.operations.live_records import (
    record_words,
)
from teleward.consult.queries.receipts import receipt


@pytest.fixture
def play(stage: Stage) -> Play:
    return Play(stage)


def say(play: Play, outcome: str, *, host: bool, run: int = 1, of: str = "0") -> None:
    """One side says how it heard the words of the other."""
    grant = play.by_host(Action.VISIT_HOST) if host else play.by_guest()
    peer, other = (HOST, PATIENT) if host else (PATIENT, HOST)
    words = Words(other=other, run=run, outcome=outcome, form="words", evidence=of * 64)
    record_words(grant=grant, visit=play.visit.id, peer=peer, words=words)


def verdict(play: Play) -> str:
    return receipt(grant=play.by_host(Action.VISIT_IDENTIFY)).verified


def test_the_first_answer_about_the_words_counts(play: Play) -> None:
    play.admit()
    say(play, "same", host=True)
    for outcome in ("same", "different"):
        say(play, outcome, host=False)
    assert verdict(play) == "same"


@pytest.mark.parametrize("host", [True, False])
def test_one_side_alone_does_not_make_a_visit_verified(play: Play, host: bool) -> None:
    play.admit()
    say(play, "same", host=host)
    assert verdict(play) == ""


def test_one_side_that_heard_other_words_makes_the_visit_unverified(play: Play) -> None:
    play.admit()
    say(play, "same", host=False)
    say(play, "different", host=True)
    assert verdict(play) == "different"


def test_a_guest_alone_cannot_talk_the_others_different_away_with_a_later_run(play: Play) -> None:
    play.admit()
    say(play, "different", host=True, run=1)
    say(play, "same", host=False, run=3)
    assert verdict(play) == "different"
    say(play, "same", host=True, run=3)
    assert verdict(play) == "same"


def test_same_of_two_different_connections_is_somebody_in_between_not_verified(play: Play) -> None:
    play.admit()
    say(play, "same", host=True, of="a")
    say(play, "same", host=False, of="b")
    assert verdict(play) == ""


def test_after_both_pages_were_loaded_anew_what_is_said_of_other_devices_is_heard(play: Play) -> None:
    play.admit()
    for host in (True, False):
        say(play, "same", host=host)
    say(play, "different", host=True, of="f")
    assert verdict(play) == "different"
    for host in (True, False):
        say(play, "different", host=host, of="f")
    assert verdict(play) == "different"
