"""What scopes open, in words for whoever is asked."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .scopes import Scope, Scopes

KINDS: dict[str, Promise] = {
    "*": gettext_lazy("The whole health record"),
    "Patient": gettext_lazy("Name, date of birth, how to reach the patient"),
    "Observation": gettext_lazy("Measurements and results from the laboratory"),
    "Condition": gettext_lazy("Diagnoses and health problems"),
    "AllergyIntolerance": gettext_lazy("Allergies"),
    "MedicationRequest": gettext_lazy("Medicines"),
    "MedicationStatement": gettext_lazy("Medicines"),
    "Immunization": gettext_lazy("Vaccinations"),
    "Procedure": gettext_lazy("Operations and treatments"),
    "DiagnosticReport": gettext_lazy("Findings"),
    "DocumentReference": gettext_lazy("Documents"),
    "Binary": gettext_lazy("Documents"),
    "Appointment": gettext_lazy("Appointments"),
    "Encounter": gettext_lazy("Visits"),
    "Communication": gettext_lazy("Messages"),
    "Consent": gettext_lazy("Consents"),
    "Questionnaire": gettext_lazy("Questionnaires"),
    "QuestionnaireResponse": gettext_lazy("Answers to questionnaires"),
    "ServiceRequest": gettext_lazy("Orders and referrals"),
    "CareTeam": gettext_lazy("Who belongs to the care team"),
    "RelatedPerson": gettext_lazy("Relatives"),
    "Practitioner": gettext_lazy("Who works in the practice"),
    "PractitionerRole": gettext_lazy("Who works in the practice"),
    "Organization": gettext_lazy("The practice"),
    "Location": gettext_lazy("The practice"),
    "Schedule": gettext_lazy("Opening hours and free times"),
    "Slot": gettext_lazy("Opening hours and free times"),
    "Coverage": gettext_lazy("Health insurance"),
    "Claim": gettext_lazy("Bills"),
    "ChargeItem": gettext_lazy("Bills"),
    "AuditEvent": gettext_lazy("Who saw the data"),
    "Provenance": gettext_lazy("Where data come from"),
    "Device": gettext_lazy("Devices"),
    "DeviceMetric": gettext_lazy("Devices"),
    "Task": gettext_lazy("Tasks"),
}
LABELS: dict[str, Promise] = {  # values that narrow a scope, by the last part of their code
    "vital-signs": gettext_lazy("only vital signs"),
    "laboratory": gettext_lazy("only results from the laboratory"),
    "imaging": gettext_lazy("only results of imaging"),
    "social-history": gettext_lazy("only how somebody lives"),
    "survey": gettext_lazy("only answers to questionnaires"),
    "exam": gettext_lazy("only results of examinations"),
    "problem-list-item": gettext_lazy("only the list of problems"),
    "encounter-diagnosis": gettext_lazy("only diagnoses of visits"),
    "health-concern": gettext_lazy("only health concerns"),
}


@dataclass(frozen=True)
class Said:
    """One line of what an app may: the data, what it may do with them, and for whom."""

    data: str
    reads: bool
    writes: bool
    level: str  # patient: the one it is opened for; user: all its user may see; system: all of the practice


def in_words(scopes: Scopes) -> tuple[Said, ...]:
    """What these scopes open, each sort of data once, in their order."""
    found: dict[tuple[str, str], Said] = {}
    for scope in scopes.clinical:
        letters = set(scope.letters)
        said = Said(_data(scope), bool(letters & {"r", "s"}), bool(letters & {"c", "u", "d"}), scope.level)
        before = found.get((said.data, said.level))
        found[said.data, said.level] = _both(before, said) if before else said
    return tuple(found.values())


def _both(one: Said, other: Said) -> Said:
    return Said(one.data, one.reads or other.reads, one.writes or other.writes, one.level)


def _data(scope: Scope) -> str:
    other = _("Other data of the health record (%(kind)s)") % {"kind": scope.kind}
    data = str(KINDS.get(scope.kind, other))
    narrowed = ", ".join(_label(value) for _name, value in scope.filter)
    return _("%(data)s (%(narrowed)s)") % {"data": data, "narrowed": narrowed} if narrowed else data


def _label(value: str) -> str:
    code = value.rpartition("|")[2]
    return str(LABELS.get(code) or _("only “%(code)s”") % {"code": code})
