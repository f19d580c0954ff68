"""What is kept until when, asking for erasure, and what happens then."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from stage.window import about, account, ask, here

from teleward.access.grants import Action, Actor, Subject
from teleward.access.models import Merge, Patient, Person, Proxy, Session
from teleward.access.operations.erasing import erase_identity
from teleward.access.queries.merging import earlier_to_erase, kept_file
from teleward.kernel.clock import now
from teleward.kernel.envelope import KeyDestroyed, seal, unseal
from teleward.trust.models import ErasureAnswer
from teleward.trust.operations.erasures import (
    AlreadyAsked,
    AnswerMissing,
    ErasureAnswered,
    NotErasable,
    answer_erasure,
    ask_for_erasure,
)
from teleward.trust.queries import keeping
from teleward.trust.retention import WHY, WORDS, rules

pytestmark = pytest.mark.django_db


def asked(whom: Patient, words: str = "Everything, please.") -> Subject:
    asking = ask(account(whom), Action.ERASURE_ASK, about(whom))
    return keeping.erasure_subject(erasure=ask_for_erasure(grant=asking, words=words))


def kept(whom: Patient) -> dict[str, keeping.Kept]:
    found = keeping.kept_of_patient(grant=ask(account(whom), Action.WINDOW_OPEN, about(whom)))
    return {each.rule.key: each for each in found}


@pytest.fixture(autouse=True)
def some_day() -> Iterator[None]:
    """Between the years the tests name."""
    with time_machine.travel("2026-11-22T12:00Z"):
        yield


def seen(ends_at: datetime, *, is_open: bool = False):  # noqa: ANN201 - a patch
    """The patient's last visit."""
    visit = type("Visit", (), {"ends_at": ends_at, "is_open": is_open})
    return patch.object(keeping, "visits_of_patient", lambda **_grant: (visit,))


def seen_in(year: int):  # noqa: ANN201 - a patch
    """The patient's last visit was in the March of it."""
    return seen(datetime(year, 3, 1, 12, tzinfo=UTC))


def test_every_rule_has_words_a_reason_and_a_law() -> None:
    for rule in rules():
        assert rule.key in WORDS
        assert rule.key in WHY
        assert rule.law
        assert rule.erasable in {"always", "together"}


def test_the_record_is_kept_until_the_end_of_the_tenth_year_after_the_last_visit(ada: Patient) -> None:
    with seen_in(2024):
        mine = kept(ada)
    assert mine["record"].until == date(2034, 12, 31)
    assert not mine["record"].may_go
    assert mine["connection"].until == date(2024, 5, 30)
    assert mine["contact"].may_go


def test_a_visit_that_ended_after_midnight_on_the_wall_is_one_of_the_new_year(ada: Patient) -> None:
    with seen(datetime(2023, 12, 31, 23, 30, tzinfo=UTC)):  # half past midnight in Berlin
        assert kept(ada)["record"].until == date(2034, 12, 31)


def test_contact_is_needed_while_an_appointment_is_coming(ada: Patient) -> None:
    with seen(now() + timedelta(hours=5), is_open=True):
        mine = kept(ada)
    assert (mine["contact"].may_go, mine["contact"].is_needed) == (False, True)


def test_somebody_whose_ten_years_are_over_may_be_forgotten_whole(ada: Patient) -> None:
    with seen_in(2010):
        assert all(each.may_go for each in kept(ada).values())


def test_what_may_go_goes_and_the_patient_is_told_what_stays(ada: Patient, officer: Actor) -> None:
    it = asked(ada)
    with seen_in(2024):
        answering = ask(officer, Action.ERASURE_ANSWER, it)
        with pytest.raises(NotErasable):
            answer_erasure(grant=answering, erase=("record",), words="Gone.")
        with pytest.raises(NotErasable):
            answer_erasure(grant=answering, erase=("everything",), words="Gone.")
        with pytest.raises(AnswerMissing):
            answer_erasure(grant=answering, erase=("contact",), words=" ")
        answer_erasure(grant=answering, erase=("contact",), words="Your number is gone.")
        with pytest.raises(ErasureAnswered):
            answer_erasure(grant=answering, erase=(), words="Again.")
    ada.refresh_from_db()
    assert bytes(ada.contact) == b""
    told = keeping.erasure_of_patient(grant=ask(account(ada), Action.WINDOW_OPEN, about(ada)))
    assert told
    assert (told.answer, [rule.key for rule in told.erased]) == ("Your number is gone.", ["contact"])
    assert ("record", date(2034, 12, 31)) in [(rule.key, until) for rule, until in told.kept]


def test_in_the_end_the_key_goes_and_the_account_with_it(ada: Patient, officer: Actor) -> None:
    it, secret = asked(ada), seal(patient=ada.id, plaintext=b"a note", context="note")
    me = account(ada)
    session = {"secret_hash": b"1" * 32, "aal": 2, "method": "passkey", "authenticated_at": now()}
    Session.objects.create(person_id=me.id, **session)
    with seen_in(2010):
        answer_erasure(
            grant=ask(officer, Action.ERASURE_ANSWER, it), erase=("everything",), words="All is gone."
        )
    ada.refresh_from_db()
    assert (ada.given_name, ada.person) == ("-", None)
    assert Person.objects.get(id=me.id).name == "-"
    assert not Session.objects.filter(person_id=me.id, ended_at=None).exists()
    with pytest.raises(KeyDestroyed):
        unseal(patient=ada.id, sealed=secret, context="note")
    assert "ledger" not in ErasureAnswer.objects.get().erased
    (listed,) = keeping.erasures(grant=ask(officer, Action.ERASURE_LIST, here(ada)))
    assert listed.answer == ""


def test_earlier_files_are_named_until_each_is_erased_and_lead_to_no_erased_one(
    ada: Patient, patient: Callable[[str], Patient], officer: Actor
) -> None:
    earlier, it = patient("Ada"), asked(ada)
    Merge.objects.create(organisation_id=ada.organisation_id, kept=ada, gone=earlier, why="document")
    answering = ask(officer, Action.ERASURE_ANSWER, it)
    assert [each.patient for each in earlier_to_erase(grant=answering)] == [earlier.id]
    with seen_in(2010):
        answer_erasure(grant=answering, erase=("everything",), words="All is gone.")
    assert kept_file(patient=earlier.id) == earlier.id
    assert [each.patient for each in earlier_to_erase(grant=answering)] == [earlier.id]
    erase_identity(grant=ask(officer, Action.ERASURE_ANSWER, replace(it, patient=earlier.id)))
    assert earlier_to_erase(grant=answering) == ()


def test_access_of_others_goes_with_every_trace(
    ada: Patient, patient: Callable[[str], Patient], officer: Actor
) -> None:
    ben = account(patient("Ben"))
    Proxy.objects.create(person_id=ben.id, patient=ada, given_at=now())
    with seen_in(2024):
        answer_erasure(
            grant=ask(officer, Action.ERASURE_ANSWER, asked(ada)), erase=("sharing",), words="Done."
        )
    assert not Proxy.objects.exists()


def test_a_second_request_waits_for_the_answer_to_the_first(ada: Patient, officer: Actor) -> None:
    asked(ada)
    with pytest.raises(AlreadyAsked):
        asked(ada)
    (listed,) = keeping.erasures(grant=ask(officer, Action.ERASURE_LIST, here(ada)))
    assert (listed.patient_name, listed.words) == ("Ada Osei", "")


def test_no_two_decisions_are_made_over_one_request_and_none_is_changed(ada: Patient, officer: Actor) -> None:
    it = asked(ada, "My number.")
    assert keeping.erasure(grant=ask(officer, Action.ERASURE_ANSWER, it)).words == "My number."
