"""The Device: what measured, not what passed it on."""

from typing import Any
from uuid import UUID, uuid5

from teleward.devices.kinds import Kind
from teleward.devices.readings import DeviceFacts, Reading

Json = dict[str, Any]
MDC = "urn:iso:std:iso:11073:10101"
SYSTEM_ID = "urn:oid:1.2.840.10004.1.1.1.0.0.1.0.0.1.2680"  # EUI-64; HL7 Personal Health Device guide


def instrument_id(*, patient: UUID, reading: Reading) -> UUID:
    """The same for each reading of one device of one patient; one without any name goes by kind."""
    facts = reading.device
    known = facts.system_id or f"{facts.maker}/{facts.model}/{facts.serial}"
    return uuid5(patient, f"device:{reading.kind}:{reading.source}:{known}")


def instrument(*, patient: UUID, kind: Kind, reading: Reading) -> Json:
    """The Device resource. A typed reading came from a display that somebody read off."""
    body = {
        "resourceType": "Device",
        "id": str(instrument_id(patient=patient, reading=reading)),
        "identifier": _identifiers(reading.device),
        "status": "active",
        "manufacturer": reading.device.maker,
        "modelNumber": reading.device.model,
        "serialNumber": reading.device.serial,
        "version": [{"value": reading.device.firmware}] if reading.device.firmware else [],
        "deviceName": [{"name": reading.device.model, "type": "model-name"}] if reading.device.model else [],
        "type": {"coding": [{"system": MDC, "code": kind.mdc}], "text": kind.name},
        "patient": {"reference": f"Patient/{patient}"},
    }
    return {name: value for name, value in body.items() if value}


def _identifiers(facts: DeviceFacts) -> list[Json]:
    return [{"system": SYSTEM_ID, "value": facts.system_id}] if facts.system_id else []
