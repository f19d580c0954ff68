"""What the chart does by itself."""

from teleward.access.grants import Action
from teleward.kernel.jobs import job
from teleward.records.operations.directory import project_patient
from teleward.records.queries.missing import patients_missing


@job("records.bring_in", passes=Action.RECORD_WRITE.value, periodic="7 * * * *")
def bring_in(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says when it was due
    """Patients who were registered before the chart knew of patients come into it."""
    for patient in patients_missing(most=200):
        project_patient(patient=patient)
