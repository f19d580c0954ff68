"""The rules of BALP 1.1's profiles, written from the profiles' own text, and what an event breaks of them."""

from collections.abc import Callable, Iterator
from typing import Any

Event = dict[str, Any]
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
HL7 = "http://terminology.hl7.org/CodeSystem"
PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
ROLES = {"3", "4", "20"}  # RestObjectRoles
AUTHORS = {"AUT", "INF", "CST"}  # DataSources


def broken(event: Event) -> list[str]:
    """Every rule of the profile the event names that it does not keep."""
    (profile,) = event["meta"]["profile"]
    assert profile.startswith(PROFILE)
    return list(RULES[profile.removeprefix(PROFILE)](event))


def _agents(event: Event, *codes: str) -> list[Event]:
    return [agent for agent in event["agent"] if agent["type"]["coding"][0]["code"] in codes]


def _entities(event: Event, code: str) -> list[Event]:
    return [entity for entity in event["entity"] if entity["type"]["code"] == code]


def _one(found: list[Event], what: str) -> Iterator[str]:
    if len(found) != 1:
        yield f"{len(found)} of {what}, not 1"


def _network_of(agents: list[Event], what: str) -> Iterator[str]:
    yield from _one(agents, what)
    for agent in agents:
        if not agent.get("who") or not agent.get("network", {}).get("address") or "media" in agent:
            yield f"{what} without who or network, or with media"


def _user(event: Event, codes: set[str]) -> Iterator[str]:
    users = _agents(event, *codes)
    if len(users) > 1:
        yield "more than one user"
    for user in users:
        if user["requestor"] is not True or {"media", "network"} & set(user) or not user["who"]:
            yield "the user is not the requestor, or is a machine"
        if not user.get("purposeOfUse"):
            yield "no purpose of use"


def _patient(event: Event) -> Iterator[str]:
    people = _entities(event, "1")
    yield from _one(people, "patient")
    for person in people:
        if person["role"]["code"] != "1" or not person["what"]["reference"].startswith("Patient/"):
            yield "the patient is not a Reference(Patient)"


def _transaction(event: Event) -> Iterator[str]:
    for request in _entities(event, "XrequestId"):
        if not request["what"]["identifier"]["value"]:
            yield "a request id without a value"


def _must(event: Event, **values: str) -> Iterator[str]:
    told = {
        "type": event["type"]["code"],
        "subtype": event["subtype"][0]["code"],
        "action": event["action"],
        "outcome": event["outcome"],
    }
    for name, value in values.items():
        if told[name] != value:
            yield f"{name} is {told[name]}, not {value}"
    if not event["recorded"] or not event["source"]["observer"]:
        yield "no time, or nobody who recorded it"


def _data(event: Event) -> Iterator[str]:
    found = _entities(event, "2")
    yield from _one(found, "data")
    for data in found:
        if data["role"]["code"] not in ROLES or not data["what"]:
            yield "data without role or what"


def _read(event: Event) -> Iterator[str]:
    yield from _must(event, type="rest", subtype="read", action="R", outcome="0")
    yield from _network_of(_agents(event, "110152"), "client")
    yield from _network_of(_agents(event, "110153"), "server")
    yield from _user(event, {"IRCP"})
    yield from _data(event)
    yield from _transaction(event)


def _query(event: Event) -> Iterator[str]:
    yield from _must(event, type="rest", subtype="search-type", action="E", outcome="0")
    yield from _network_of(_agents(event, "110153"), "client")
    yield from _network_of(_agents(event, "110152"), "server")
    yield from _user(event, {"IRCP"})
    found = _entities(event, "2")
    yield from _one(found, "query")
    for query in found:
        if (
            query["role"]["code"] != "24"
            or not query["query"]
            or {"what", "detail", "lifecycle"} & set(query)
        ):
            yield "the query has no query, or more than that"
    yield from _transaction(event)


def _changed(action: str, code: str) -> Callable[[Event], Iterator[str]]:
    def rules(event: Event) -> Iterator[str]:
        yield from _must(event, type="rest", subtype=code, action=action, outcome="0")
        yield from _network_of(_agents(event, "110153"), "client")
        yield from _network_of(_agents(event, "110152"), "server")
        yield from _user(event, AUTHORS)
        yield from _data(event)
        yield from _transaction(event)

    return rules


def _delete(event: Event) -> Iterator[str]:
    yield from _must(event, type="rest", subtype="delete", action="D", outcome="0")
    for code, what in (("110150", "client"), ("custodian", "server")):
        yield from _network_of(_agents(event, code), what)
        if any({"role", "purposeOfUse", "name", "policy"} & set(one) for one in _agents(event, code)):
            yield f"the {what} has what only a user has"
    if len(event["subtype"]) != 1:
        yield "more than one subtype"
    yield from _user(event, AUTHORS)
    yield from _data(event)
    for entity in (*_entities(event, "1"), *_entities(event, "2"), *_entities(event, "XrequestId")):
        if {"lifecycle", "name", "query", "detail"} & set(entity):
            yield "an entity of a deletion has more than what and role"


def _authorisation(event: Event) -> Iterator[str]:
    yield from _must(event, type="110113", action="E")
    if event["subtype"][0]["code"] not in {"AuthZ-Consent", "AuthZ-Role"} or "outcomeDesc" not in event:
        yield "no decision"
    yield from _network_of(_agents(event, "110150"), "client")
    for code, what in (("IRCP", "user"), ("PROV", "organisation"), ("authserver", "authorizer")):
        yield from _one(_agents(event, code), what)
    machines = _agents(event, "PROV", "authserver")
    if any(one["requestor"] or {"role", "network", "name"} & set(one) for one in machines):
        yield "an organisation or server is described as a person"
    yield from _recorded_by(event, "authserver")
    yield from _user(event, {"IRCP"})
    yield from _patient(event)
    if not _entities(event, "Consent") or len(event["entity"]) != 1 + len(_entities(event, "Consent")):
        yield "entities other than patient and consent, or no consent"


def _recorded_by(event: Event, code: str) -> Iterator[str]:
    if any(agent["who"] != event["source"]["observer"] for agent in _agents(event, code)):
        yield "val-audit-source"


def _disclosure(event: Event) -> Iterator[str]:
    yield from _must(event, type="110106", action="R", subtype="disclose", outcome="0")
    yield from _network_of(_agents(event, "110153"), "source")
    yield from _network_of(_agents(event, "110152"), "recipient")
    yield from _recorded_by(event, "110153")
    yield from _patient(event)
    if len(event["entity"]) < 2:
        yield "no data"


def _with_patient(rules: Callable[[Event], Iterator[str]]) -> Callable[[Event], Iterator[str]]:
    def both(event: Event) -> Iterator[str]:
        yield from rules(event)
        yield from _patient(event)

    return both


PLAIN: dict[str, Callable[[Event], Iterator[str]]] = {
    "Read": _read,
    "Query": _query,
    "Create": _changed("C", "create"),
    "Update": _changed("U", "update"),
    "Delete": _delete,
}
RULES = (
    PLAIN
    | {f"Patient{name}": _with_patient(rules) for name, rules in PLAIN.items()}
    | {"AuthZconsent": _authorisation, "PrivacyDisclosure.Source": _disclosure}
)
