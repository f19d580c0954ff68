"""One line of a panel for one resource: what it is, its value, when, and who said so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from teleward.records.fhir.moments import stretch

from .wording import codes_of, first, named, pointed


@dataclass(frozen=True, kw_only=True)
class Line:
    """What stands in a panel.

    `section` is problems, medication, allergies, immunizations, vitals or results; `flag` a code of our words
    (high-risk, high, low, abnormal) or ""; `about` the date as FHIR has it, of whatever width.
    """

    kind: str
    id: UUID
    section: str
    title: str
    detail: str = ""
    reference: str = ""
    flag: str = ""
    about: str = ""
    by: str = ""
    by_id: str = ""
    program: bool = False  # a connected program brought it
    kept_at: datetime | None = None
    group: str = ""  # of several with the same, the newest is shown

    @property
    def at(self) -> datetime | None:
        """When it was, or when it came here."""
        return stretch(self.about)[0] or self.kept_at


Said = dict[str, Any]
NOT_TRUE = {"refuted", "entered-in-error"}
ONGOING = {"active", "recurrence", "relapse"}


def problem(found: Any) -> Said | None:  # noqa: ANN401 - a Condition
    """Of a condition that goes on."""
    if not _stands(found):
        return None
    return {
        "section": "problems",
        "title": named(found.code),
        "detail": named(found.severity),
        "about": first(found.onset_date_time, found.recorded_date) or "",
        **_by(found.asserter, found.recorder),
    }


def allergy(found: Any) -> Said | None:  # noqa: ANN401 - an AllergyIntolerance
    """Of an allergy that stands, with what it does."""
    if not _stands(found):
        return None
    reactions = [named(each) for reaction in found.reaction for each in reaction.manifestation]
    return {
        "section": "allergies",
        "title": named(found.code),
        "detail": ", ".join(dict.fromkeys(reactions)),
        "flag": "high-risk" if found.criticality == "high" else "",
        "about": first(found.recorded_date, found.onset_date_time) or "",
        **_by(found.asserter, found.recorder),
    }


def prescribed(found: Any) -> Said | None:  # noqa: ANN401 - a MedicationRequest
    """Of a medicine that was ordered and is taken. A draft is none of those."""
    if found.status != "active" or found.do_not_perform or found.intent in {"proposal", "option"}:
        return None
    return {
        **_medicine(found, found.dosage_instruction),
        "about": found.authored_on or "",
        **_by(found.requester, found.recorder),
    }


def taken(found: Any) -> Said | None:  # noqa: ANN401 - a MedicationStatement
    """Of a medicine that somebody says is taken."""
    if found.status != "active":
        return None
    period = found.effective_period
    return {
        **_medicine(found, found.dosage),
        "about": first(found.date_asserted, found.effective_date_time, period and period.start) or "",
        **_by(found.information_source),
    }


def vaccination(found: Any) -> Said | None:  # noqa: ANN401 - an Immunization
    """Of a vaccination that was given."""
    if found.status != "completed":
        return None
    doses = [each.dose_number_positive_int for each in found.protocol_applied]
    return {
        "section": "immunizations",
        "title": named(found.vaccine_code),
        "detail": found.lot_number or "",
        "reference": ", ".join(str(dose) for dose in doses if dose),
        "about": first(found.occurrence_date_time, found.recorded) or "",
        **_by(first(found.performer) and found.performer[0].actor),
    }


def _medicine(found: Any, dosage: Any) -> Said:  # noqa: ANN401 - of two types
    pointing = found.medication_reference
    return {
        "section": "medication",
        "title": named(found.medication_codeable_concept) or pointed(pointing)[0],
        "detail": "; ".join(filter(None, (each.text or each.patient_instruction for each in dosage))),
    }


def _stands(found: Any) -> bool:  # noqa: ANN401 - of two types
    state = codes_of(found.clinical_status)
    return not codes_of(found.verification_status) & NOT_TRUE and (not state or bool(state & ONGOING))


def _by(*people: Any) -> Said:  # noqa: ANN401 - References or nothing
    found = [pointed(each) for each in people if each is not None]
    name, identifier = next(iter(found), ("", ""))
    return {"by": name, "by_id": identifier}


BUILDERS: dict[str, Callable[[Any], Said | None]] = {
    "Condition": problem,
    "AllergyIntolerance": allergy,
    "MedicationRequest": prescribed,
    "MedicationStatement": taken,
    "Immunization": vaccination,
}
