"""The Provenance: who chose to keep it, what measured it, what passed it on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from teleward.devices.readings import Reading

Json = dict[str, Any]
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
TYPED = "Typed by the patient from the display of the device."
SENT = "Sent by the device itself."


def provenance_id(*, observation: UUID) -> UUID:
    """One for each reading."""
    return uuid5(observation, "provenance")


def provenance(
    *, patient: UUID, device: UUID, observations: Sequence[UUID], reading: Reading, at: datetime, through: str
) -> Json:
    """The Provenance of the observations of one reading. `through` names the program that passed it on."""
    who = {"reference": f"Patient/{patient}"}
    what = {"reference": f"Device/{device}"}
    return {
        "resourceType": "Provenance",
        "id": str(provenance_id(observation=observations[0])),
        "target": [{"reference": f"Observation/{each}"} for each in observations],
        "recorded": at.isoformat(),
        "activity": {"coding": [{"system": OPERATION, "code": "CREATE"}], "text": _activity(reading)},
        "agent": [
            _agent("author", who),
            _agent("composer", what),
            _agent("transmitter", {"display": through}),
        ],
    }


def _activity(reading: Reading) -> str:
    return TYPED if reading.source == "typed" else SENT


def _agent(role: str, who: Json) -> Json:
    return {"type": {"coding": [{"system": PARTICIPANT, "code": role}]}, "who": who}
