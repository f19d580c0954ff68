"""What the chart does by itself."""

from uuid import UUID

from teleward.access.grants import Action
from teleward.kernel.jobs import job
from teleward.records.operations.directory import project_patient
from teleward.records.operations.outbox import SENDING, send_soon
from teleward.records.operations.sending import send_due
from teleward.records.queries.due import connections_due
from teleward.records.queries.missing import patients_missing


@job("records.bring_in", passes=Action.RECORD_WRITE.value, periodic="7 * * * *")
def bring_in(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says when it was due
    """Patients who were registered before the chart knew of patients come into it."""
    for patient in patients_missing(most=200):
        project_patient(patient=patient)


@job(SENDING, passes=Action.RECORD_SEND.value)
def send(connection: str) -> None:
    """Sends what is due to one other system; what is left has its turn after other jobs."""
    if send_due(connection=UUID(connection)):
        send_soon(connection=UUID(connection))


@job("records.send_again", passes="Ids only: each sending asks the gate itself.", periodic="* * * * *")
def send_again(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says when it was due
    """What did not get through is tried again when its time has come."""
    for connection in connections_due():
        send_soon(connection=connection)
