"""The engine's answer counts only when nothing went wrong on the way to it."""

from types import SimpleNamespace

import pytest

from teleward.access import deciding, entities
from teleward.access.deciding import decide
from teleward.access.grants import Action, Actor, ActorKind, Subject
from teleward.kernel.ids import new_id

VISIT, PATIENT, PRACTICE = new_id(), new_id(), new_id()
GUEST = Actor(
    kind=ActorKind.GUEST,
    id=new_id(),
    organisation=PRACTICE,
    roles=frozenset({"patient"}),
    visit=VISIT,
    patient=PATIENT,
)
SUBJECT = Subject(kind="Visit", id=VISIT, organisation=PRACTICE, patient=PATIENT)


def _is_allowed() -> bool:
    for remembered in (entities._facts, deciding._answer):
        remembered.cache_clear()
    return decide(actor=GUEST, action=Action.VISIT_JOIN, subject=SUBJECT).allowed


def test_a_yes_during_which_a_policy_failed_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    said = SimpleNamespace(errors=[], reasons=["p-guest"])
    monkeypatch.setattr(
        deciding.cedarpy,
        "is_authorized",
        lambda *_asked, **_also: SimpleNamespace(allowed=True, diagnostics=said),
    )
    assert _is_allowed()
    said.errors = ["while evaluating f-locked: attribute `locked` not found"]
    assert not _is_allowed()


def test_somebody_who_does_not_fit_the_schema_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _is_allowed()
    without = {
        "uid": entities.uid("Guest", GUEST.id),
        "attrs": {"organisation": str(PRACTICE)},
        "parents": [],
    }
    monkeypatch.setattr(entities, "principal", lambda _actor: without)
    assert not _is_allowed()
