"""What the chart does when Teleward comes to know somebody, or to know them better."""

from uuid import UUID

from teleward.kernel.events import Event, reaction
from teleward.records.operations.directory import project_patient
from teleward.records.operations.outbox import queue


@reaction(Event.PATIENT_REGISTERED)
@reaction(Event.PATIENT_CHANGED)
def keep_patient(patient: UUID) -> None:
    """The chart's Patient follows."""
    project_patient(patient=patient)


@reaction(Event.RESOURCE_KEPT)
def put_in_line(resource: UUID) -> None:
    """What a visit produced waits for every other system of the practice that wants it."""
    queue(resource=resource)
