"""What the browser gets to check the ledger with."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from stage.window import about, account, ask, seen_entry

from teleward.access.grants import Action, Actor
from teleward.access.models import Patient
from teleward.audit import queries as ledger
from teleward.trust.queries import proofs as door
from teleward.trust.queries.accesses import accesses

pytestmark = pytest.mark.django_db


def asked(whom: Patient) -> Any:
    return ask(account(whom), Action.LEDGER_READ, about(whom))


def test_entries_come_as_they_were_hashed_newest_first(ada: Patient, desk: Actor) -> None:
    seen_entry(ada, desk)
    grant = asked(ada)
    found = door.proofs(grant=grant, first=2, last=1, seen=0)
    assert [entry["number"] for entry in found.entries] == [2, 1]
    for entry, kept in zip(found.entries, ledger.of_patient(patient=ada.id), strict=True):
        assert (entry["body"], b64decode(str(entry["salt"]))) == (kept.body, kept.salt)
        assert b64decode(str(entry["leaf"])) == kept.leaf
    assert (found.checkpoint, found.consistency, found.is_damaged) == ("", (), False)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 5), (1, 9), (10**18, 10**18)])
def test_numbers_that_are_not_there_give_nothing(ada: Patient, first: int, last: int) -> None:
    assert door.proofs(grant=asked(ada), first=first, last=last, seen=10**15).entries == ()


def test_one_answer_holds_two_hundred_entries_at_most(ada: Patient) -> None:
    for _ in range(3):
        grant = asked(ada)
    assert len(door.proofs(grant=grant, first=3, last=-(10**6), seen=0).entries) == 3


def test_what_is_held_back_for_safety_leaves_as_a_bare_seal(
    ada: Patient, desk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_entry(ada, desk)
    grant = asked(ada)
    of_the_desk = lambda _known, facts: facts["actor_kind"] == "Staff"  # noqa: E731 - one line
    monkeypatch.setattr(door, "is_held", of_the_desk)
    own, held = door.proofs(grant=grant, first=2, last=1, seen=0).entries
    assert own["body"]
    assert (held["body"], held["salt"], len(b64decode(str(held["leaf"])))) == ("", "", 32)
    file = json.loads(door.proof_file_text(grant=grant, first=2, last=1))
    assert "Mira" not in json.dumps(file)
    assert str(desk.id) not in json.dumps(file)


def test_the_proof_file_holds_the_entries_shown(ada: Patient, desk: Actor) -> None:
    seen_entry(ada, desk)
    file = json.loads(door.proof_file_text(grant=asked(ada), first=2, last=1))
    assert file["format"] == "teleward-proof/v1"
    assert [entry["number"] for entry in file["entries"]] == [2, 1]


def test_what_a_browser_keeps_names_nobody(ada: Patient, patient: Callable[[str], Patient]) -> None:
    name = door.chain_name(grant=asked(ada))
    assert len(name) == 64
    assert str(ada.id).replace("-", "") not in name
    assert name != door.chain_name(grant=asked(patient("Ben")))


def test_the_page_and_its_proofs_speak_of_the_same_numbers(ada: Patient, desk: Actor) -> None:
    seen_entry(ada, desk)
    grant = asked(ada)
    page = accesses(grant=grant)
    found = door.proofs(grant=grant, first=page.first, last=page.last, seen=0)
    assert [entry["number"] for entry in found.entries] == list(range(page.first, page.last - 1, -1))
