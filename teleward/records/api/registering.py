"""A new Patient of a connected system: registered with its numbers, then in the chart as any other."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Detail
from teleward.access.operations.invitations import AddressImpossible
from teleward.access.operations.patients import register_patient
from teleward.access.queries.identifiers import patients_with
from teleward.records.fhir.findings import Issue
from teleward.records.fhir.structs import json_name

from .exchange import Exchange
from .messages import Answer
from .outcomes import outcome
from .plans import Plan
from .problems import BodyInvalid, OwnerMissing, Unknown
from .projecting import projected
from .reading import answer_with
from .rows import Row

KEPT = frozenset({"id", "meta", "name", "birthDate", "identifier", "telecom", "communication", "active"})
LANGUAGES = ("de", "en")
NO_ADDRESS = Issue("value", "Patient.telecom", "The value of system email is no e-mail address.")
_encode = msgspec.json.Encoder().encode


async def register(x: Exchange, resource: Any) -> Answer:  # noqa: ANN401 - a Patient
    """POST of a Patient: what Teleward keeps of it, and a file of its own."""
    weighed = await x.must_allow(x.directory("Patient", "c"), Action.PATIENT_CREATE)
    named = _named(resource)
    entry = weighed.entry()
    await x.tell([entry])
    try:
        card = await x.in_thread(register_patient, grant=weighed.grant(entry=entry.id), **named)
    except AddressImpossible as impossible:
        raise BodyInvalid([NO_ADDRESS]) from impossible
    stands = await projected(x, "Patient", card.id, await x.stands("Patient", card.id))
    if stands is None:
        raise Unknown  # it was just brought into the chart
    detail: Detail = {"added": f"Patient/{card.id}", "version": stands.version}
    (version,) = await x.reveal([weighed.entry(outcome="done", detail=detail)], [stands.newest])
    answer = answer_with(version, status=201, location=True)
    wanted = x.request.preference("return")
    bodies = {"minimal": b"", "OperationOutcome": _left_out(resource)}
    return Answer(status=201, headers=answer.headers, body=bodies.get(wanted, answer.body))


async def known_by_number(x: Exchange, plan: Plan) -> list[Row]:
    """Brings the patients with a number that is looked for into the chart, where Teleward knows them.

    Returns those who share one with another, of whom nobody has said that they are one person.
    """
    shared: list[Row] = []
    for criterion in plan.criteria if plan.kind == "Patient" else ():
        if criterion.name == "identifier" and not criterion.modifier and not criterion.chain:
            for each in criterion.value.split(","):
                found = await _known(x, *each.rpartition("|")[::2])
                shared += found if len(found) > 1 else []
    return shared


async def _known(x: Exchange, system: str, value: str) -> list[Row]:
    if not system or not value:
        return []
    asked = {"organisation": x.practice, "system": system, "value": value}
    named: Iterable[UUID] = await x.in_thread(patients_with, **asked)
    return [row for patient in sorted(named) if (row := await _row(x, patient))]


async def _row(x: Exchange, patient: UUID) -> Row | None:
    stands = await projected(x, "Patient", patient, await x.stands("Patient", patient))
    if stands is None:
        return None
    return Row(kind="Patient", id=patient, newest=stands.newest, patient=patient, practice=stands.practice)


def _named(resource: Any) -> dict[str, Any]:  # noqa: ANN401 - a Patient
    """What is registered of a Patient. Raises OwnerMissing where a name or the day of birth is missing."""
    name = next((each for each in resource.name if each.use in {None, "official", "usual"}), None)
    born = resource.birth_date or ""
    if name is None or not name.family or not any(name.given) or len(born) != 10:
        raise OwnerMissing("A Patient has a family name, a given name and a whole date of birth.")
    return {
        "given_name": " ".join(given for given in name.given if given),
        "family_name": name.family,
        "born_on": date.fromisoformat(born),
        "language": next(_languages(resource), LANGUAGES[0]),
        "email": _reached(resource, "email"),
        "telephone": _reached(resource, "phone"),
        "numbers": [(each.system, each.value) for each in resource.identifier if each.system and each.value],
    }


def _reached(resource: Any, system: str) -> str:  # noqa: ANN401 - a Patient
    return next((each.value for each in resource.telecom if each.system == system and each.value), "")


def _languages(resource: Any) -> Iterator[str]:  # noqa: ANN401 - a Patient
    for spoken in resource.communication:
        for coding in spoken.language.coding:
            first = (coding.code or "").partition("-")[0]
            if first in LANGUAGES:
                yield first


def _left_out(resource: Any) -> bytes:  # noqa: ANN401 - a Patient
    """Which elements of it are not kept here."""
    given = {json_name(name) for name in resource.__struct_fields__ if getattr(resource, name)}
    said = "Kept." if given <= KEPT else f"Not kept here: {', '.join(sorted(given - KEPT))}."
    issue = {"severity": "information", "code": "informational", "diagnostics": said}
    return _encode(outcome([issue]))
