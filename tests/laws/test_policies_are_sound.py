"""Every policy fits the schema and carries an id that explains it; every action can be asked for."""

import json
import re
from collections.abc import Iterator
from typing import Any

import cedarpy

from teleward.access.grants import Action
from teleward.access.policy import sources


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
    assert {action.value for action in Action} - named == set()


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
