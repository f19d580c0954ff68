"""People and the practice as the chart shows them: brought in from what Teleward already keeps."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import SYSTEM, Action, Circumstances, Subject, authorise
from teleward.access.queries.identifiers import Identifier, identifiers
from teleward.access.queries.merging import Files, linked_files
from teleward.access.queries.patients import contact, patient_subject
from teleward.access.queries.patients import patient as patient_card
from teleward.access.queries.people import organisation, staff_names
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant
from teleward.records.fhir.reading import read
from teleward.records.operations.versions import keep

Json = dict[str, Any]
KINDS = {  # what sort of number, in the words of FHIR; of the NHS's the system alone says it
    "kvnr": {"system": "http://fhir.de/CodeSystem/identifier-type-de-basis", "code": "KVZ10"},
    "mrn": {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"},
}


@without_grant("Each step asks the gate as the server itself, which keeps both sides.")
def project_patient(*, patient: UUID) -> int:
    """Brings a patient of Teleward into the chart, or up to date there. Returns the version."""
    about = patient_subject(patient=patient)
    asking = partial(authorise, actor=SYSTEM, subject=about, circumstances=_here())
    reading = asking(action=Action.PATIENT_READ)
    card, reach = patient_card(grant=reading, patient_id=patient), contact(grant=reading, patient_id=patient)
    numbers = identifiers(grant=reading, patient=patient)
    body = _patient(patient, card.given_name, card.family_name, card.born_on) | {
        "identifier": [_identifier(number) for number in numbers],
        **_files(linked_files(grant=reading)),
        "telecom": _telecom(reach.email, reach.telephone),
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": card.language}]}}],
        "managingOrganization": {"reference": f"Organization/{about.organisation}"},
    }
    writing = asking(action=Action.RECORD_WRITE)
    return keep(grant=writing, resource=_read("Patient", body))


@without_grant("What stands on the practice's door; it is kept as the server itself.")
def project_directory(*, kind: str, practice: UUID, named: UUID) -> int | None:
    """Brings the practice (Organization) or one who works there (Practitioner) into the chart."""
    body = _organization(practice) if kind == "Organization" else _practitioner(practice, named)
    if body is None or body["id"] != str(named):
        return None
    own = Subject(kind="Organisation", id=practice, organisation=practice)
    grant = authorise(actor=SYSTEM, action=Action.DIRECTORY_WRITE, subject=own, circumstances=_here())
    return keep(grant=grant, resource=_read(kind, body))


def _patient(patient: UUID, given: str, family: str, born_on: date) -> Json:
    name = {"use": "official", "family": family, "given": given.split(), "text": f"{given} {family}"}
    return {"id": str(patient), "active": True, "name": [name], "birthDate": born_on.isoformat()}


def _identifier(number: Identifier) -> Json:
    kind = {"type": {"coding": [KINDS[number.word]]}} if number.word in KINDS else {}
    return {"system": number.system, "value": number.value, **kind}


def _files(files: Files) -> Json:
    """That another file is kept for this one, and which earlier ones there are."""
    said = [(file, "replaces") for file in files.earlier]
    said += [(files.kept, "replaced-by")] if files.kept else []
    links = [{"other": {"reference": f"Patient/{file.patient}"}, "type": word} for file, word in said]
    return {"active": files.kept is None, "link": links}


def _telecom(email: str, telephone: str) -> list[Json]:
    known = (("email", email), ("phone", telephone))
    return [{"system": system, "value": value} for system, value in known if value]


def _organization(practice: UUID) -> Json | None:
    try:
        card = organisation(organisation_id=practice)
    except NotFound:
        return None
    return {
        "id": str(practice),
        "active": True,
        "name": card.name,
        "alias": [card.short_name],
        "telecom": _telecom("", card.telephone),
    }


def _practitioner(practice: UUID, named: UUID) -> Json | None:
    found = staff_names(organisation_id=practice).get(named)
    return {"id": str(named), "active": bool(found.roles), "name": [{"text": found.name}]} if found else None


def _read(kind: str, body: Json) -> Any:  # noqa: ANN401 - any struct
    full = {name: value for name, value in body.items() if value != []}
    return read(kind, msgspec.json.encode({"resourceType": kind, **full}))


def _here() -> Circumstances:
    return Circumstances(request_id=str(new_id()), client_address="", via="api")
