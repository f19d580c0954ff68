"""Entries of the ledger as AuditEvents: by the rules of BALP, and as another implementation reads them."""

import json
from base64 import b64decode
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from rooms.audit.balp_rules import PROFILE, broken
from rooms.audit.conftest import entry_about

from teleward.access.actions import Action
from teleward.audit.balp.events import audit_event
from teleward.audit.balp.parts import Place
from teleward.kernel.ids import new_id

ORIGIN = "https://practice.example"
AT = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
PLACE = Place(leaf=bytes(32), number=3, seq=42, size=109)
STAFF = {"actor_kind": "Staff"}
ACTORS: list[dict[str, Any]] = [
    STAFF,
    {"actor_kind": "PatientAccount", "actor_role": "patient"},
    {"actor_kind": "Guest", "actor_role": "relative"},
    {"actor_kind": "System", "actor_id": None, "actor_role": "system", "client_address": "", "request_id": "",
     "via": "job", "actor_organisation": None},
    {"actor_kind": "Nobody", "actor_id": None, "actor_role": "", "actor_organisation": None},
]  # fmt: skip


def event_of(about: UUID | None, place: Place = PLACE, **changes: object) -> dict[str, Any]:
    facts = json.loads(json.dumps(asdict(entry_about(about, **changes)), default=str))
    return audit_event(event=str(new_id()), at=AT, facts=facts, place=place, origin=ORIGIN)


def profile_of(event: dict[str, Any]) -> str:
    return str(event.get("meta", {}).get("profile", [""])[0]).removeprefix(PROFILE)


KINDS = [
    ("consult:note:read", "allow", {}, "PatientRead"),
    ("trust:window:open", "allow", {}, "PatientRead"),
    ("consult:visit:list", "listed", {}, "PatientQuery"),
    ("access:patient:list", "allow", {}, "PatientQuery"),
    ("access:patient:create", "done", {"registered": "x"}, "PatientCreate"),
    ("consult:visit:book", "done", {"visit": "x"}, "PatientCreate"),
    ("access:patient:change", "done", {"changed": ["contact"]}, "PatientUpdate"),
    ("consult:note:write", "done", {"version": 1}, "PatientUpdate"),
    ("consult:visit:cancel", "done", {"reason": "other"}, "PatientDelete"),
    ("trust:erasure:answer", "done", {"erased": "identity"}, "PatientDelete"),
    ("consult:visit:consent", "done", {"withdrawn": 1}, "PatientDelete"),
    ("consult:note:write", "allow", {}, "AuthZconsent"),
    ("consult:note:read", "deny", {}, "AuthZconsent"),
    ("access:glass:break", "done", {"glass": "x"}, "AuthZconsent"),
    ("records:resource:export", "allow", {}, "PrivacyDisclosure.Source"),
    ("trust:window:export", "done", {"format": "pdf"}, "PrivacyDisclosure.Source"),
    ("records:resource:print", "allow", {}, "PrivacyDisclosure.Source"),
]


@pytest.mark.parametrize(("action", "outcome", "detail", "profile"), KINDS)
def test_each_kind_of_entry_has_its_profile_and_keeps_its_rules(
    patient: UUID, action: str, outcome: str, detail: dict[str, Any], profile: str
) -> None:
    event = event_of(patient, action=action, outcome=outcome, detail=detail)
    assert profile_of(event) == profile
    assert broken(event) == []


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: str(actor["actor_kind"]))
def test_every_action_of_everybody_is_a_valid_event(patient: UUID, actor: dict[str, Any]) -> None:
    """Every action there is, with every outcome, with a patient and without."""
    profiles = set()
    for action in Action:
        for outcome in ("allow", "deny", "done", "listed"):
            for about in (patient, None):
                event = event_of(about, action=action.value, outcome=outcome, **actor)
                AuditEvent.model_validate(event)
                if "meta" in event:
                    profiles.add(profile_of(event))
                    assert broken(event) == [], (action, outcome)
    assert {"PatientRead", "PatientQuery", "PatientUpdate", "PrivacyDisclosure.Source", "Read"} <= profiles


def test_an_access_says_who_when_what_why_and_from_where(patient: UUID) -> None:
    event = event_of(patient, actor_role="physician,nurse")
    client, server, user = event["agent"]
    assert client["network"] == {"address": "203.0.113.7", "type": "2"}
    assert server["network"] == {"address": ORIGIN, "type": "5"}
    assert user["who"]["reference"].startswith("Practitioner/")
    assert [role["coding"][0]["code"] for role in user["role"]] == ["physician", "nurse"]
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"
    assert event["recorded"] == "2026-11-22T10:00:00.123+00:00"
    assert [entity["what"].get("reference") for entity in event["entity"][:2]] == [f"Patient/{patient}"] * 2
    assert event["entity"][2]["what"]["identifier"]["value"] == "0192-request"


def test_an_event_names_its_place_in_the_ledger(patient: UUID) -> None:
    told = {one["type"]: one["valueString"] for one in event_of(patient)["entity"][-1]["detail"]}
    place = {"leaf": "A" * 43 + "=", "number": "3", "leaf-seq": "42", "checkpoint-size": "109"}
    assert place.items() <= told.items()
    early = event_of(None, Place(leaf=bytes(32), number=0, seq=None, size=None))
    assert set(place) & {one["type"] for one in early["entity"][-1]["detail"]} == {"leaf"}
    denied = event_of(patient, outcome="deny")
    assert denied["entity"][0]["detail"][2] == {"type": "leaf-seq", "valueString": "42"}


def test_an_event_repeats_what_the_entry_says_in_its_own_words(patient: UUID) -> None:
    for outcome, at in (("allow", -1), ("deny", 0)):
        event = event_of(
            patient, outcome=outcome, detail={"typed": 5, "facts": ["aal=2"], "roles": ["a", "b"]}
        )
        told = {one["type"]: one["valueString"] for one in event["entity"][at]["detail"]}
        assert (told["action"], told["outcome"], told["request_id"]) == (
            "consult:note:read",
            outcome,
            "0192-request",
        )
        assert told["policy_set"] == "ab" * 32
        assert (told["detail.typed"], told["detail.roles"], "detail.facts" in told) == ("5", "a b", False)


def test_a_refusal_is_a_denied_access_with_the_rules_that_were_asked(patient: UUID) -> None:
    event = event_of(patient, outcome="deny", policy="")
    assert (event["outcome"], event["outcomeDesc"]) == ("8", "consult:note:read: Access Denied")
    assert event["entity"][1]["what"]["identifier"]["value"] == "none#" + "ab" * 32
    allowed = event_of(patient, action="consult:note:write")
    assert (allowed["outcome"], allowed["outcomeDesc"]) == ("0", "consult:note:write: permit")
    assert allowed["entity"][1]["what"]["identifier"]["value"].startswith("p-appointment#")


@pytest.mark.parametrize(
    ("action", "outcome", "subtype", "result"),
    [
        ("access:session:begin", "done", "110122", "0"),
        ("access:session:begin", "deny", "110122", "4"),
        ("access:session:end", "done", "110123", "0"),
        ("access:session:revoke", "done", "110123", "0"),
        ("access:session:unlock", "deny", "110122", "4"),
    ],
)
def test_signing_in_and_out_are_user_authentications(
    action: str, outcome: str, subtype: str, result: str
) -> None:
    event = event_of(None, action=action, outcome=outcome, subject_kind="Person", purpose="HSYSADMIN")
    assert event["type"]["code"] == "110114"
    assert (event["subtype"][0]["code"], event["outcome"]) == (subtype, result)


def test_breaking_the_glass_is_an_emergency_override(patient: UUID) -> None:
    codes = {"access:glass:break": "110127", "access:glass:end": "110128"}
    for action, code in codes.items():
        event = event_of(patient, action=action, outcome="done", purpose="BTG", detail={"glass": "x"})
        assert event["subtype"][1]["code"] == code
        assert event["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"


def test_of_a_search_the_action_is_told_and_no_word_of_it(patient: UUID) -> None:
    event = event_of(patient, action="access:patient:list", detail={"typed": 5, "found": 2})
    assert b64decode(event["entity"][1]["query"]) == b"access:patient:list"


@pytest.mark.parametrize("key", ["agent", "entity"])
def test_an_event_that_lacks_a_part_breaks_a_rule(patient: UUID, key: str) -> None:
    """The rules are no rubber stamp: of every profile, each part left out is missed."""
    for action, outcome, detail, profile in KINDS:
        event = event_of(patient, action=action, outcome=outcome, detail=detail)
        optional = {"IRCP", "AUT", "XrequestId", "ledger-entry"}
        if profile == "AuthZconsent":
            optional -= {"IRCP"}
        for at, part in enumerate(event[key]):
            code = part["type"].get("code") or part["type"]["coding"][0]["code"]
            left = event | {key: event[key][:at] + event[key][at + 1 :]}
            is_spare = code in optional or (profile.startswith("Privacy") and code == "2")
            assert is_spare or broken(left), (action, code)
