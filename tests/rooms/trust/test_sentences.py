"""Every access that a policy allows, and every refusal, reads as a sentence in both languages."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from teleward.access.grants import Action, ActorKind
from teleward.access.policy import rules
from teleward.access.queries.explanations import FOR_PATIENT
from teleward.trust.deeds import DEEDS, OWN, TRIED
from teleward.trust.sentences import BY_LEAVE, sentence

BERLIN = ZoneInfo("Europe/Berlin")
ROLES = {
    ActorKind.STAFF: (
        "physician",
        "nurse",
        "reception",
        "administrator",
        "privacy-officer",
        "nurse,administrator",
    ),
    ActorKind.GUEST: ("patient", "relative", "interpreter", "clinician"),
    ActorKind.PATIENT: ("",),
    ActorKind.NOBODY: ("",),
    ActorKind.DEVICE: ("",),
    ActorKind.CLIENT: ("",),
    ActorKind.SYSTEM: ("system",),
}
EVIDENCE = {"starts_at": "2026-11-24T09:30:00+00:00"}


def _allowed() -> list[tuple[str, ActorKind, str]]:
    """Which policy lets which kind of actor do what, as the policies themselves say."""
    known = [action.value for action in DEEDS]
    return [
        (policy["annotations"]["id"], kind, action)
        for policy in rules().parsed
        if policy["effect"] == "permit"
        for kind in ActorKind
        if policy["principal"].get("entity_type", kind.value) == kind.value
        for action in [each["id"] for each in policy["action"].get("entities", [])]
        or [policy["action"].get("entity", {}).get("id")]
        if action in known or (policy["action"]["op"] == "All" and action is None)
        for action in ([action] if action else known)
    ]


def _told(
    *, action: str, kind: ActorKind, role: str, policy: str = "", name: str = "", own: bool = False
) -> str:
    facts = {
        "action": action,
        "actor_kind": kind.value,
        "actor_id": "42",
        "actor_role": role,
        "outcome": "allow" if policy else "deny",
        "policy": policy,
        "detail": EVIDENCE if policy and rules().annotations[policy].evidence else {},
    }
    return sentence(facts=facts, names={"42": name} if name else {}, zone=BERLIN, reader="42" if own else "")


def _accesses() -> list[str]:
    return [
        _told(action=action, kind=kind, role=role, policy=policy, name=name)
        for policy, kind, action in _allowed()
        for role in ROLES[kind]
        for name in ("Dr. Jana Novák", "")
    ]


def _refusals() -> list[str]:
    return [
        _told(action=action, kind=kind, role=role, name=name, own=own)
        for action in TRIED
        for kind, roles in ROLES.items()
        for role in roles
        for name in ("Kai Curious", "")
        for own in (False, True)
    ]


def faults(told: str) -> list[str]:
    """What keeps a text from reading as a sentence."""
    found = {
        "starts small": told[:1].islower(),
        "no full stop": not told.endswith("."),
        "a hole": bool(re.search(r"  | [,.]|,,|\(\)|,\.|%\(|\.\.", told)),
        "a code": bool(re.search(r"\b\w+:\w+:\w+|\bp-\w+|privacy-officer", told)),
        "a reason missing": "no recorded reason" in told or "kein Grund" in told,
        "half German": bool(re.search(r"\b(Sie|wer|jemand|Jemand) \([\w ]*\) haben|Sie selbst hat\b", told)),
    }
    return [fault for fault, is_so in found.items() if is_so]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_access_a_policy_allows_reads_as_a_sentence(language: str) -> None:
    with translation.override(language):
        told = _accesses()
    assert {policy for policy, _kind, _action in _allowed()} <= set(FOR_PATIENT)
    assert {one: found for one in told if (found := faults(one))} == {}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_refusal_reads_as_a_sentence(language: str) -> None:
    with translation.override(language):
        told = _refusals()
    assert {one: found for one in told if (found := faults(one))} == {}


def test_a_text_that_is_no_sentence_is_caught() -> None:
    assert faults("opened  the notes") == ["starts small", "no full stop", "a hole"]
    assert faults("Kai (privacy-officer) opened it. We have no recorded reason for this.") == [
        "a code",
        "a reason missing",
    ]


def test_what_the_patient_did_is_said_to_the_patient() -> None:
    theirs = {"p-system", *BY_LEAVE}
    own = [one for one in _allowed() if one[1] is ActorKind.PATIENT and one[0] not in theirs]
    assert {Action(action) for _policy, _kind, action in own} <= set(OWN)
    for policy, kind, action in own:
        with translation.override("de"):
            assert _told(action=action, kind=kind, role="", policy=policy).startswith("Sie haben ")


def test_who_was_refused_with_another_account_is_not_called_you() -> None:
    with translation.override("en"):
        told = _told(action=Action.LEDGER_READ.value, kind=ActorKind.PATIENT, role="", name="Ben")
        mine = _told(action=Action.LEDGER_READ.value, kind=ActorKind.PATIENT, role="", own=True)
    assert told.startswith("Somebody with a patient account tried to read the list")
    assert mine.startswith("You were refused here.")


def test_every_deed_has_its_attempt() -> None:
    assert set(TRIED) == set(DEEDS)
