"""Who took part and what was touched: agents and entities of an AuditEvent."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from teleward.audit.balp import codes
from teleward.audit.balp.codes import HL7, OURS, Coding, Element, coding, concept
from teleward.audit.formats.encodings import to_base64

Facts = dict[str, Any]
RESOURCE_OF = {
    "Staff": "Practitioner",
    "Patient": "Patient",
    "Guest": "RelatedPerson",
    "Device": "Device",
    "System": "Device",
    "Visit": "Encounter",
    "Organisation": "Organization",
    "Client": "Device",
}
URI, ADDRESS = "5", "2"  # FHIR network-type


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an entry stands: its leaf, its number in the patient's chain (0 for none), its place in the tree.

    `seq` counts from 0; with `size`, that of the checkpoint it was looked up in, it is None until sequenced.
    """

    leaf: bytes
    number: int
    seq: int | None
    size: int | None


def server(kind: Element, origin: str) -> Element:
    """Our side of the wire."""
    return {
        "type": kind,
        "who": observer(origin),
        "requestor": False,
        "network": {"address": origin, "type": URI},
    }


def observer(origin: str) -> Element:
    """The system that recorded the event: this installation."""
    return {"type": "Device", "identifier": {"system": "urn:ietf:rfc:3986", "value": origin}}


def client(kind: Element, facts: Facts, origin: str) -> Element:
    """The other side: a browser, a device, or we ourselves where a job ran."""
    address = facts["client_address"]
    network = {"address": address, "type": ADDRESS} if address else {"address": origin, "type": URI}
    return {
        "type": kind,
        "who": {"display": f"{facts['via'] or 'unknown'} client"},
        "requestor": False,
        "network": network,
    }


def user(kind: Element, facts: Facts) -> Element:
    """Who asked, in which role, for which purpose."""
    roles = [role for role in facts["actor_role"].split(",") if role]
    return {
        "type": kind,
        "who": _who(facts),
        "requestor": True,
        **({"role": [_role(role) for role in roles]} if roles else {}),
        **_purpose(facts),
    }


def is_somebody(facts: Facts) -> bool:
    """Whether anybody is known to have asked."""
    return bool(facts["actor_id"]) or facts["actor_kind"] == "System"


def practice(facts: Facts) -> Element:
    """The organisation of whoever asked."""
    return {
        "type": codes.PROVIDER,
        "who": _reference("Organisation", facts["actor_organisation"]),
        "requestor": False,
    }


def authoriser(origin: str) -> Element:
    """The policies, which run inside this installation."""
    return {"type": codes.AUTHORISER, "who": observer(origin), "requestor": False}


def patient(facts: Facts) -> list[Element]:
    """The patient, if the entry is about one."""
    if not facts["patient"]:
        return []
    what = {"reference": f"Patient/{facts['patient']}"}
    return [{"what": what, "type": codes.PERSON, "role": codes.PATIENT_ROLE}]


def data(facts: Facts) -> Element:
    """What was touched, by id and kind of data."""
    what = _reference(facts["subject_kind"], facts["subject_id"]) | {"display": facts["kind"]}
    return {"what": what, "type": codes.SYSTEM_OBJECT, "role": codes.DOMAIN_RESOURCE}


def query(facts: Facts) -> Element:
    """What was asked for. The words of a search are not in the ledger; the action stands for them."""
    asked = b64encode(facts["action"].encode()).decode()
    return {"type": codes.SYSTEM_OBJECT, "role": codes.QUERY_ROLE, "query": asked}


def request(facts: Facts) -> list[Element]:
    """The X-Request-Id, if there was a request."""
    what = {"identifier": {"value": facts["request_id"]}}
    return [{"what": what, "type": codes.REQUEST_ID}] if facts["request_id"] else []


def rule(facts: Facts) -> Element:
    """The policy that decided, in the set that was in force, as the consent on file."""
    name = facts["policy"] or "none"
    identifier = {"system": f"{OURS}:policy", "value": f"{name}#{facts['policy_set']}"}
    return {"what": {"type": "Consent", "identifier": identifier}, "type": codes.CONSENT}


def ledger_entry(event: str, facts: Facts, place: Place) -> Element:
    """The entry of the ledger that proves all this."""
    what = {"identifier": {"system": f"{OURS}:ledger-entry", "value": event}}
    return {"what": what, "type": codes.LEDGER_ENTRY, "detail": detail(facts, place)}


def detail(facts: Facts, place: Place) -> list[Element]:
    """The place of the entry in chain and tree, and what it says in its own words: codes, ids and numbers."""
    said = {f"detail.{name}": value for name, value in facts["detail"].items() if name != "facts"}
    told = {
        "leaf": to_base64(place.leaf),
        "number": str(place.number) if place.number else None,
        "leaf-seq": None if place.seq is None else str(place.seq),
        "checkpoint-size": None if place.seq is None else str(place.size),
        **{name: facts[name] for name in ("action", "outcome", "policy", "policy_set", "request_id", "via")},
        **{name: " ".join(value) if isinstance(value, list) else str(value) for name, value in said.items()},
    }
    return [{"type": name, "valueString": value} for name, value in told.items() if value]


def purposes(facts: Facts) -> list[Element]:
    """Why, as a code of HL7 v3 ActReason."""
    return [concept(f"{HL7}/v3-ActReason", facts["purpose"])] if facts["purpose"] else []


def _purpose(facts: Facts) -> Element:
    return {"purposeOfUse": purposes(facts)} if facts["purpose"] else {}


def _who(facts: Facts) -> Element:
    if facts["actor_id"]:
        return _reference(facts["actor_kind"], facts["actor_id"])
    return {"display": "this installation" if facts["actor_kind"] == "System" else "nobody signed in"}


def _role(name: str) -> Element:
    role: Coding = coding(f"{OURS}:role", name)
    return {"coding": [role]}


def _reference(kind: str, key: str | None) -> Element:
    """By id where FHIR has such a resource, else by an identifier; a display where there is no id at all."""
    if not key:
        return {"display": kind or "unknown"}
    if kind in RESOURCE_OF:
        return {"reference": f"{RESOURCE_OF[kind]}/{key}"}
    return {"identifier": {"system": f"{OURS}:{kind.lower()}", "value": key}}
