"""What the other side holds about a patient, read as far as it can be read.

It may be written otherwise than FHIR asks: what can be read is shown, what cannot is counted. What says
that it is about somebody else, or about nobody, is left out: a server that passes over a search parameter
would give everybody's.
"""

from dataclasses import dataclass, field

from teleward.records.connections.kind import Link, Refused, Unreachable

from .client import address_of, search
from .findings import amount, is_sound, statuses, words
from .limits import FOUND_AT_MOST
from .people import patient_there
from .wire import Json


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One search: the word its findings stand under, and where a finding says what it is and when."""

    section: str
    kind: str
    named: tuple[str, ...] = ("code",)
    times: tuple[str, ...] = ("onsetDateTime", "recordedDate")
    over: frozenset[str] = frozenset({"entered-in-error"})  # a status that says: none, or no more
    wanted: dict[str, str] = field(default_factory=dict)


@dataclass
class Seen:
    """What was found; how many could not be shown, or were odd; in which sections is more, or no entry."""

    findings: dict[str, list[Json]]
    left_out: int = 0
    odd: int = 0
    more: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


MEDICINE = ("medicationCodeableConcept", "medicationReference")
STOPPED = frozenset({"stopped", "cancelled", "completed", "draft", "not-taken", "entered-in-error"})
OVER = frozenset({"inactive", "resolved", "remission", "refuted", "entered-in-error"})
NEWEST = {"_sort": "-date"}
SEARCHES = (
    Asked(section="problems", kind="Condition", over=OVER),
    Asked(
        section="medication",
        kind="MedicationStatement",
        named=MEDICINE,
        times=("effectiveDateTime", "dateAsserted"),
        over=STOPPED,
    ),
    Asked(
        section="medication", kind="MedicationRequest", named=MEDICINE, times=("authoredOn",), over=STOPPED
    ),
    Asked(section="allergies", kind="AllergyIntolerance", over=OVER),
    Asked(
        section="results",
        kind="Observation",
        times=("effectiveDateTime", "issued"),
        over=frozenset({"entered-in-error", "cancelled"}),
        wanted=NEWEST,
    ),
    Asked(
        section="documents",
        kind="DocumentReference",
        named=("description", "type"),
        times=("date",),
        over=frozenset({"entered-in-error", "superseded"}),
        wanted=NEWEST,
    ),
)


def look(link: Link, patient: bytes) -> Json:
    """What is held there: the parts of Seen; a finding has text, note and at. Raises Refused, Unreachable."""
    there = patient_there(link, patient)
    seen = Seen(findings={each.section: [] for each in SEARCHES})
    for asked in SEARCHES:
        _add(link, asked, there, seen)
    return vars(seen)


def _add(link: Link, asked: Asked, there: str, seen: Seen) -> None:
    wanted = {"patient": there, "_count": str(FOUND_AT_MOST), **asked.wanted}
    try:
        found = search(link, asked.kind, wanted)
    except (Refused, Unreachable) as no:
        if no.reason not in {"not-taken", "not-allowed", "no-fhir-there"}:
            raise
        seen.closed.append(asked.section)  # a type that they do not keep, or do not show us
        return
    seen.more += [asked.section] if found.has_more else []
    for resource in found.resources[:FOUND_AT_MOST]:
        _add_one(link, asked, there, resource, seen)


def _add_one(link: Link, asked: Asked, there: str, resource: Json, seen: Seen) -> None:
    if not _is_about(link, there, resource):
        seen.left_out += 1
        return
    if statuses(resource) & asked.over:
        return
    text = next(filter(None, (words(resource.get(name)) for name in asked.named)), "")
    if not text:
        seen.left_out += 1
        return
    at = next(filter(None, (words(resource.get(name)) for name in asked.times)), "")
    seen.odd += 0 if is_sound(asked.kind, resource) else 1
    seen.findings[asked.section].append({"text": text, "note": amount(resource), "at": at[:35]})


def _is_about(link: Link, there: str, resource: Json) -> bool:
    subject = resource.get("subject", resource.get("patient"))
    named = subject.get("reference") if isinstance(subject, dict) else None
    return isinstance(named, str) and address_of(link, named) == there
