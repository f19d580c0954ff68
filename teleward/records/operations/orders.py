"""Orders as drafts: laboratory, imaging, referral, medicine. None is sent, none is a prescription."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.ids import new_id
from teleward.records.fhir.phrases import concept, instant, reference
from teleward.records.fhir.r4.coded import CodeableConcept
from teleward.records.fhir.r4.medication_request import MedicationRequest
from teleward.records.fhir.r4.service_request import ServiceRequest
from teleward.records.fhir.r4.texts import Annotation
from teleward.records.fhir.r4.times import Dosage
from teleward.records.operations.versions import keep
from teleward.records.queries.orders import KINDS, Order, orders
from teleward.records.queries.resources import body_of

SNOMED = "http://snomed.info/sct"
CATEGORIES = {
    "lab": concept(SNOMED, "108252007", "Laboratory procedure"),
    "imaging": concept(SNOMED, "363679005", "Imaging"),
    "referral": concept(SNOMED, "3457005", "Patient referral"),
}


class OrderFixed(Problem):
    """It is no draft of ours any more."""

    code = "records:order-fixed"
    status = 409
    message = _("This draft was withdrawn and cannot be changed. Please write a new one.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a draft says. `kind` is lab, imaging, referral or medicine; `urgent` puts it before others."""

    kind: str
    what: str
    why: str = ""
    dosage: str = ""
    urgent: bool = False


def draft_order(*, grant: Grant, wanted: Wanted) -> UUID:
    """Keeps a new draft in the chart; returns its id."""
    grant.must_cover(Action.RECORD_WRITE)
    return _kept(grant, new_id(), wanted, withdrawn=False)


def change_order(*, grant: Grant, order: UUID, wanted: Wanted) -> None:
    """Changes a draft; of which kind it is stays. Raises NotFound, OrderFixed."""
    grant.must_cover(Action.RECORD_WRITE)
    before = _draft(grant, order)
    _kept(grant, order, Wanted(**{**vars(wanted), "kind": before.kind}), withdrawn=False)


def withdraw_order(*, grant: Grant, order: UUID) -> None:
    """It was a mistake: it stays in the chart, marked as entered in error. Raises NotFound, OrderFixed."""
    grant.must_cover(Action.RECORD_WRITE)
    before = _draft(grant, order)
    said = Wanted(
        kind=before.kind, what=before.what, why=before.why, dosage=before.dosage, urgent=before.urgent
    )
    _kept(grant, order, said, withdrawn=True)


def _draft(grant: Grant, order: UUID) -> Order:
    found = next((each for each in orders(grant=grant) if each.id == order), None)
    if found is None:
        kinds = (body_of(grant=grant, kind=kind, logical_id=order) for kind in set(KINDS.values()))
        raise OrderFixed if any(kinds) else NotFound
    return found


def _kept(grant: Grant, order: UUID, wanted: Wanted, *, withdrawn: bool) -> UUID:
    build = _medicine if wanted.kind == "medicine" else _service
    keep(grant=grant, resource=build(grant, order, wanted, "entered-in-error" if withdrawn else "draft"))
    return order


def _service(grant: Grant, order: UUID, wanted: Wanted, status: str) -> Any:  # noqa: ANN401 - a struct
    return ServiceRequest(
        status=status,  # type: ignore[arg-type]  # one of two of its codes
        intent="proposal",
        category=(CATEGORIES[wanted.kind],),
        code=CodeableConcept(text=wanted.what),
        **_common(grant, order, wanted),
    )


def _medicine(grant: Grant, order: UUID, wanted: Wanted, status: str) -> Any:  # noqa: ANN401 - a struct
    return MedicationRequest(
        status=status,  # type: ignore[arg-type]  # one of two of its codes
        intent="proposal",
        medication_codeable_concept=CodeableConcept(text=wanted.what),
        dosage_instruction=(Dosage(text=wanted.dosage),) if wanted.dosage else (),
        **_common(grant, order, wanted),
    )


def _common(grant: Grant, order: UUID, wanted: Wanted) -> dict[str, Any]:
    return {
        "id": str(order),
        "subject": reference("Patient", grant.subject.patient),
        "priority": "urgent" if wanted.urgent else "routine",
        "authored_on": instant(now().replace(microsecond=0)),
        "requester": reference("Practitioner", grant.actor.id, grant.actor.name),
        "reason_code": (CodeableConcept(text=wanted.why),) if wanted.why else (),
        "note": (Annotation(text="Draft made in Teleward. It is not a prescription and was not sent."),),
    }
