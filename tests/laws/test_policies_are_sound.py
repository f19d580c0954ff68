"""Every policy fits the schema and carries an id that explains it; every action can be asked for."""

import json
import re
from collections.abc import Iterator
from typing import Any

import cedarpy
import pytest

from teleward.access.action_names import EVIDENCE, NAMES
from teleward.access.grants import Action
from teleward.access.permissions import ROLES, permissions, subjects_of
from teleward.access.policy import Annotations, rules, sources
from teleward.access.policy.annotations import annotations
from teleward.access.queries import explanations
from teleward.access.queries.policies import cases
from teleward.access.role_names import NAMES as ROLE_NAMES

BY_THE_SERVER = {Action.POLICY_CHANGE, Action.CLOCK_CHANGE, Action.MESSAGE_TAKE}  # no person asks for these


def _policies(text: str) -> list[dict[str, Any]]:
    parsed = json.loads(cedarpy.policies_to_json_str(text))
    found: list[dict[str, Any]] = list(parsed["staticPolicies"].values())
    return found


def _without_id(text: str) -> int:
    return sum(1 for policy in _policies(text) if not policy.get("annotations", {}).get("id"))


def _ids(text: str) -> list[str]:
    return [policy["annotations"]["id"] for policy in _policies(text)]


def _named_actions(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "Action" and "id" in value:
            yield value["id"]
        for part in value.values():
            yield from _named_actions(part)
    elif isinstance(value, list):
        for part in value:
            yield from _named_actions(part)


def test_the_policies_fit_the_schema() -> None:
    policies, schema = sources()
    assert cedarpy.validate_policies(policies, schema).validation_passed


def test_a_policy_over_something_the_schema_does_not_know_is_caught() -> None:
    _policies_text, schema = sources()
    planted = '@id("planted") permit (principal, action == Action::"consult:moon:read", resource);'
    assert not cedarpy.validate_policies(planted, schema).validation_passed


def test_every_policy_has_an_id_of_its_own() -> None:
    policies, _schema = sources()
    assert _without_id(policies) == 0
    assert len(_ids(policies)) == len(set(_ids(policies)))


def test_a_policy_without_an_id_is_caught() -> None:
    assert _without_id("permit (principal, action, resource);") == 1


def test_every_action_is_in_the_schema_and_the_schema_knows_no_others() -> None:
    _policies_text, schema = sources()
    declared = set(re.findall(r'"([a-z-]+:[a-z-]+:[a-z-]+)"', schema))
    assert declared == {action.value for action in Action}


def test_every_action_is_allowed_to_somebody() -> None:
    policies, _schema = sources()
    permits = [policy for policy in _policies(policies) if policy["effect"] == "permit"]
    named = {action for policy in permits for action in _named_actions(policy)}
    assert {action.value for action in Action} - named == {action.value for action in BY_THE_SERVER}


def _allows_a_person_everything(text: str) -> int:
    open_ended = [p for p in _policies(text) if p["effect"] == "permit" and p["action"]["op"] == "All"]
    return sum(1 for policy in open_ended if policy["principal"].get("entity_type") != "System")


def test_no_policy_allows_a_person_everything() -> None:
    policies, _schema = sources()
    assert _allows_a_person_everything(policies) == 0


def test_a_policy_that_does_is_caught() -> None:
    assert _allows_a_person_everything("permit (principal is Staff, action, resource);") == 1
    assert _allows_a_person_everything("permit (principal, action, resource);") == 1
    assert _allows_a_person_everything("permit (principal is System, action, resource);") == 0


def _known() -> dict[str, Annotations]:
    return dict(rules().annotations)


@pytest.mark.parametrize("missing", ["owner", "source", "reviewed_on", "purpose", "evidence", "window"])
def test_a_policy_that_says_too_little_of_itself_is_refused(missing: str) -> None:
    said = {
        "id": "p-planted",
        "owner": "somebody",
        "source": "somewhere",
        "reviewed_on": "2026-11-22",
        "purpose": "TREAT",
        "evidence": "none",
        "window": "none",
    }
    text = "permit (principal, action, resource);"
    whole = "".join(f'@{name}("{value}") ' for name, value in said.items()) + text
    assert annotations({"planted.cedar": whole})["p-planted"].owner == "somebody"
    with pytest.raises(ValueError, match=missing):
        annotations({"planted.cedar": whole.replace(f"@{missing}(", "@other(")})


def test_evidence_that_is_told_by_others_has_a_time_in_which_it_explains() -> None:
    """What is true of a moment by itself (the host, the rota, a relation) needs none."""
    momentary = {"host", "cover", "own", "family", "proxy", "proxy-ledger", "proxy-readings"}
    for each in _known().values():
        if set(each.evidence) - momentary:
            assert re.search(rf'@id\("{each.id}"\)(?:\n@.*)*\n@window\("P', sources()[0]), each.id


def test_every_permit_explains_itself_to_the_patient_and_to_staff_and_every_forbid_says_why_not() -> None:
    permits = {each.id for each in _known().values() if each.effect == "permit"}
    assert set(explanations.FOR_PATIENT) == permits
    assert set(explanations.FOR_STAFF) == permits
    assert set(explanations.FORBIDS) == set(_known()) - permits


def test_an_explanation_has_a_date_exactly_where_the_policy_rests_on_evidence() -> None:
    for texts in (explanations.FOR_PATIENT, explanations.FOR_STAFF):
        for policy, text in texts.items():
            assert ("%(date)s" in str(text)) == bool(_known()[policy].evidence), policy


def test_every_policy_decides_a_case_and_every_case_holds() -> None:
    asked = cases()
    assert [(case.file, case.name, case.got) for case in asked if not case.holds] == []
    assert {case.expect for case in asked} == set(_known()) | {"nobody"}


def test_the_matrix_has_words_for_every_role_action_and_evidence() -> None:
    known = permissions()
    assert set(NAMES) == set(Action)
    assert set(ROLES) <= set(ROLE_NAMES)
    assert {kind for each in known for kind in each.evidence} <= set(EVIDENCE)
    assert set(subjects_of()) == {action.value for action in Action}
    assert len(known) == len(ROLES) * len(Action)


def test_what_was_promised_stands_in_the_matrix() -> None:
    """Known from the rules of the house, not from the policies."""
    found = {(each.role, each.action): each for each in permissions()}
    assert not found["billing", Action.NOTE_READ].is_open
    assert not found["administrator", Action.PATIENT_READ].is_open
    assert not found["researcher", Action.RECORD_READ].is_open
    assert not found["reception", Action.NOTE_READ].is_open
    assert "glass" in found["physician", Action.NOTE_READ].exceptional
    assert "glass" not in found["physician", Action.NOTE_WRITE].evidence
    assert "glass" not in found["physician", Action.RECORD_PRINT].evidence
    assert found["physician", Action.RECORD_EXPORT].needs == ("fresh", "managed")
    assert found["patient", Action.LEDGER_READ].always
    assert found["proxy", Action.LEDGER_READ].evidence == ("proxy-ledger",)
