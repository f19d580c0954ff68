"""Vital signs that patients' devices supply: the contract of US Core 9, "Writing Vital Signs".

It holds for a gateway with its own credential, and for an app of a person where the Observation says that
it comes from a device or is supplied by the patient. What breaks it is refused with each place; what keeps it
and is of no use here, such as a time that has not come yet, is answered with 202 and the reason.
"""

from datetime import timedelta
from typing import Any

from teleward.access.grants import Action, ActorKind
from teleward.kernel.clock import now
from teleward.records.fhir.findings import Issue
from teleward.records.fhir.profiles.checking import check
from teleward.records.fhir.search import values

from .exchange import Exchange
from .problems import BodyInvalid, Discarded

VITAL_SIGNS = "http://hl7.org/fhir/StructureDefinition/vitalsigns"
CATEGORY = ("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs")
TAG = ("http://hl7.org/fhir/us/core/CodeSystem/us-core-tags", "patient-supplied")
AHEAD, OLDEST = timedelta(minutes=5), timedelta(days=90)


def action_of(x: Exchange, kind: str, resource: Any) -> Action | None:  # noqa: ANN401 - any struct
    """To send readings is all that a gateway or a patient's app may write. None: what everybody asks for."""
    behalf = x.actor.behalf
    is_patients = x.actor.kind is ActorKind.DEVICE or (behalf and behalf.kind is ActorKind.PATIENT)
    if not is_patients or kind != "Observation" or not _is_bound(x, resource):
        return None
    return Action.READING_WRITE


def must_keep_contract(x: Exchange, kind: str, resource: Any) -> None:  # noqa: ANN401 - any struct
    """Holds what a device supplied against the contract. Raises BodyInvalid or Discarded."""
    if kind != "Observation" or not _is_bound(x, resource):
        return
    broken = [*_missing(resource), *check(resource, VITAL_SIGNS)]
    errors = [issue for issue in broken if issue.severity == "error"]
    if errors:
        raise BodyInvalid(errors)
    why = _of_no_use(resource)
    if why:
        raise Discarded(why, where="Observation.effective")


def _is_bound(x: Exchange, resource: Any) -> bool:  # noqa: ANN401 - any struct
    if x.actor.kind is ActorKind.DEVICE:
        return True
    by_person = x.actor.kind is ActorKind.CLIENT and x.actor.behalf is not None
    is_vital = any(CATEGORY in _codes(each) for each in resource.category)
    return by_person and (_is_tagged(resource) or (is_vital and resource.device is not None))


def _missing(resource: Any) -> list[Issue]:  # noqa: ANN401 - any struct
    found = []
    if not _is_tagged(resource):
        said = f"Mark it as {TAG[0]}|{TAG[1]}."
        found.append(Issue("required", "Observation.meta.tag", said))
    if resource.device is None:
        said = "Name the device that measured, not the phone or the gateway."
        found.append(Issue("required", "Observation.device", said))
    return found


def _of_no_use(resource: Any) -> str:  # noqa: ANN401 - any struct
    """Why it is not kept; "" where it is."""
    dates = [each for each in values(resource) if each.param == "date"]
    if any(each.start and each.start > now() + AHEAD for each in dates):
        return "Its time has not come yet. Check the clock of the device."
    if any(each.end and each.end < now() - OLDEST for each in dates):
        return "It was measured too long ago. Check the clock of the device."
    return ""


def _is_tagged(resource: Any) -> bool:  # noqa: ANN401 - any struct
    tags = resource.meta.tag if resource.meta else ()
    return TAG in {(each.system, each.code) for each in tags}


def _codes(concept: Any) -> set[tuple[str, str]]:  # noqa: ANN401 - a CodeableConcept
    return {(coding.system, coding.code) for coding in concept.coding}
