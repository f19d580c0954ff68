"""What was kept goes into the chart: Observations with their Device and Provenance."""

from uuid import UUID, uuid5

from django.db import transaction

from teleward.access.grants import Action, Grant
from teleward.devices.charting.instrument import instrument, instrument_id
from teleward.devices.charting.marking import marked
from teleward.devices.charting.origin import provenance
from teleward.devices.kinds import KINDS, About
from teleward.devices.queries.sharings import KeptReading, kept_reading
from teleward.devices.readings import encode
from teleward.records.operations.versions import keep_text

BROWSER = "The patient's browser, in a consultation"


@transaction.atomic
def chart_kept(*, grant: Grant, kept: UUID) -> None:
    """One reading of the grant's visit that the patient kept. Idempotent. Raises NotFound."""
    grant.must_cover(Action.RECORD_WRITE)
    found = kept_reading(grant=grant, kept=kept)
    reading, kind = found.reading, KINDS[found.reading.kind]
    device = instrument_id(patient=found.patient, reading=reading)
    about = About(patient=found.patient, device=device, encounter=found.visit)
    bodies = kind.observe(reading, about)
    ids = tuple(kept if number == 0 else uuid5(kept, str(number)) for number in range(len(bodies)))
    keep_text(
        grant=grant, kind="Device", body=encode(instrument(patient=found.patient, kind=kind, reading=reading))
    )
    for name, each in zip(ids, bodies, strict=True):
        body = marked(each, found.wrong, patient=found.patient)
        keep_text(grant=grant, kind="Observation", body=encode(body | {"id": str(name)}))
    keep_text(grant=grant, kind="Provenance", body=encode(_provenance(found, device, ids)))


def _provenance(found: KeptReading, device: UUID, ids: tuple[UUID, ...]) -> dict[str, object]:
    return provenance(
        patient=found.patient,
        device=device,
        observations=ids,
        reading=found.reading,
        at=found.at,
        through=BROWSER,
    )
