"""One entry of the ledger as a FHIR R4 AuditEvent, by the profile of BALP that fits what happened.

Which profile, follows from action and outcome; docs/reference/audit-export.md has the table. Nothing in an
event goes beyond the entry: ids and codes, no name and no content.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from teleward.audit.balp import codes, parts
from teleward.audit.balp.codes import INTERACTION, Coding, Element, canonical, coding
from teleward.audit.balp.parts import Facts, Place

READS = {"read", "open"}
DISCLOSURES = {"print", "export"}
DELETED = {"erased", "removed", "withdrawn", "revoked", "deactivated"}  # in the detail of what was done
CREATED = {"registered", "visit", "added", "pass", "offer", "sent", "person"}
DELETING, CREATING = {"cancel", "deactivate"}, {"create", "book", "invite", "give"}
BEGINNINGS, ENDINGS = {"begin", "unlock"}, {"end", "revoke", "lock"}
OK, REFUSED, FAILED = "0", "4", "8"


def audit_event(*, event: str, at: datetime, facts: Facts, place: Place, origin: str) -> Element:
    """The AuditEvent of one entry; `facts` are the fields of `ledger.Entry`, `origin` our address."""
    shape = _shape_of(facts)(facts, origin)
    entities = shape.pop("entity")
    profile = shape.pop("profile", "")
    if profile == "AuthZconsent":  # allows no entity of our own
        entities[0]["detail"] = parts.detail(facts, place)
    else:
        entities.append(parts.ledger_entry(event, facts, place))
    return {
        "resourceType": "AuditEvent",
        "id": event,
        **({"meta": {"profile": [canonical(profile)]}} if profile else {}),
        **shape,
        "recorded": at.isoformat(timespec="milliseconds"),
        **({"purposeOfEvent": parts.purposes(facts)} if facts["purpose"] else {}),
        "source": {"site": origin, "observer": parts.observer(origin), "type": [codes.APPLICATION_SERVER]},
        "entity": entities,
    }


def _shape_of(facts: Facts) -> Callable[[Facts, str], Element]:
    verb = facts["action"].rpartition(":")[2]
    if facts["action"].startswith("access:session:") and verb in BEGINNINGS | ENDINGS:
        return _sign_in
    if facts["outcome"] == "deny" or facts["action"].startswith("access:glass:"):
        return _decision
    if facts["outcome"] == "listed" or verb == "list":
        return _query
    return _shape_of_permitted(facts, verb)


def _shape_of_permitted(facts: Facts, verb: str) -> Callable[[Facts, str], Element]:
    if verb in DISCLOSURES:
        return _disclosure
    if facts["outcome"] == "done":
        return _change
    return _read if verb in READS else _decision


@dataclass(frozen=True)
class _Interaction:
    """A profile of a REST interaction: its name, its two codes, and which agent is called what."""

    profile: str
    action: str
    code: str
    client: Element
    server: Element
    user: Element


READ = _Interaction("Read", "R", "read", codes.DESTINATION, codes.SOURCE, codes.RECIPIENT)
QUERY = _Interaction("Query", "E", "search-type", codes.SOURCE, codes.DESTINATION, codes.RECIPIENT)
CREATE = _Interaction("Create", "C", "create", codes.SOURCE, codes.DESTINATION, codes.AUTHOR)
UPDATE = _Interaction("Update", "U", "update", codes.SOURCE, codes.DESTINATION, codes.AUTHOR)
DELETE = _Interaction("Delete", "D", "delete", codes.APPLICATION, codes.CUSTODIAN, codes.AUTHOR)


def _read(facts: Facts, origin: str) -> Element:
    return _rest(READ, facts, origin, parts.data(facts))


def _query(facts: Facts, origin: str) -> Element:
    return _rest(QUERY, facts, origin, parts.query(facts))


def _change(facts: Facts, origin: str) -> Element:
    told, verb = set(facts["detail"]), facts["action"].rpartition(":")[2]
    if told & DELETED or verb in DELETING:
        return _rest(DELETE, facts, origin, parts.data(facts))
    interaction = CREATE if told & CREATED or verb in CREATING else UPDATE
    return _rest(interaction, facts, origin, parts.data(facts))


def _rest(interaction: _Interaction, facts: Facts, origin: str, about: Element) -> Element:
    people = [parts.user(interaction.user, facts)] if parts.is_somebody(facts) else []
    client = parts.client(interaction.client, facts, origin)
    return {
        "profile": f"Patient{interaction.profile}" if facts["patient"] else interaction.profile,
        "type": codes.REST,
        "subtype": [coding(INTERACTION, interaction.code, interaction.code)],
        "action": interaction.action,
        "outcome": OK,
        "agent": [client, parts.server(interaction.server, origin), *people],
        "entity": [*parts.patient(facts), about, *parts.request(facts)],
    }


def _decision(facts: Facts, origin: str) -> Element:
    """What the policies answered, where nothing has been read or changed yet; FHIR's way to log a refusal."""
    is_denied = facts["outcome"] == "deny"
    is_profiled = bool(facts["patient"] and facts["actor_organisation"])
    agents = [parts.client(codes.APPLICATION, facts, origin), parts.user(codes.RECIPIENT, facts)]
    organisation = [parts.practice(facts)] if facts["actor_organisation"] else []
    about = [] if is_profiled else [parts.data(facts), *parts.request(facts)]
    return {
        **({"profile": "AuthZconsent"} if is_profiled else {}),
        "type": codes.SECURITY_ALERT,
        "subtype": [codes.BY_CONSENT if facts["patient"] else codes.BY_ROLE, *_emergency(facts)],
        "action": "E",
        "outcome": FAILED if is_denied else OK,
        "outcomeDesc": f"{facts['action']}: {'Access Denied' if is_denied else 'permit'}",
        "agent": [*agents, *organisation, parts.authoriser(origin)],
        "entity": [*parts.patient(facts), *about, parts.rule(facts)],
    }


def _disclosure(facts: Facts, origin: str) -> Element:
    return {
        **({"profile": "PrivacyDisclosure.Source"} if facts["patient"] else {}),
        "type": codes.EXPORT,
        "subtype": [codes.DISCLOSE],
        "action": "R",
        "outcome": OK,
        "agent": [
            parts.server(codes.SOURCE, origin),
            parts.client(codes.DESTINATION, facts, origin),
            parts.user(codes.RECIPIENT, facts),
        ],
        "entity": [*parts.patient(facts), parts.data(facts), *parts.request(facts)],
    }


def _sign_in(facts: Facts, origin: str) -> Element:
    begins = facts["action"].rpartition(":")[2] in BEGINNINGS
    return {
        "type": codes.USER_AUTHENTICATION,
        "subtype": [codes.LOGIN if begins else codes.LOGOUT],
        "action": "E",
        "outcome": REFUSED if facts["outcome"] == "deny" else OK,
        "agent": [parts.user(codes.RECIPIENT, facts), parts.client(codes.APPLICATION, facts, origin)],
        "entity": [parts.data(facts), *parts.request(facts)],
    }


def _emergency(facts: Facts) -> list[Coding]:
    if facts["outcome"] == "deny" or not facts["action"].startswith("access:glass:"):
        return []
    return [codes.OVERRIDE_ENDED if facts["action"].endswith(":end") else codes.OVERRIDE_BEGUN]
