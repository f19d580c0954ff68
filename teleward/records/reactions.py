"""What the chart does when Teleward comes to know somebody, or to know them better."""

from uuid import UUID

from teleward.kernel.events import Event, reaction
from teleward.records.operations.directory import project_patient


@reaction(Event.PATIENT_REGISTERED)
@reaction(Event.PATIENT_CHANGED)
def keep_patient(patient: UUID) -> None:
    """The chart's Patient follows."""
    project_patient(patient=patient)
