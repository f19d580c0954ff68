"""What the chart does by itself."""

from uuid import UUID

from teleward.access.grants import Action, Circumstances
from teleward.kernel.ids import new_id
from teleward.kernel.jobs import job
from teleward.records.operations.directory import project_patient
from teleward.records.operations.hl7.intake import take_grant
from teleward.records.operations.hl7.settling import sweep
from teleward.records.operations.imports import IMPORTING, carry_out, forget_imports
from teleward.records.operations.outbox import SENDING, send_soon
from teleward.records.operations.sending import send_due
from teleward.records.queries.due import connections_due
from teleward.records.queries.hl7.senders import all_senders
from teleward.records.queries.imports import imports_waiting
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


@job("records.sweep_messages", passes=Action.MESSAGE_TAKE.value, periodic="*/5 * * * *")
def sweep_messages(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says when it was due
    """Messages of other systems that were cut off are applied; old ones are forgotten."""
    here = Circumstances(request_id=str(new_id()), client_address="", via="job")
    for practice in {sender.organisation for sender in all_senders()}:
        sweep(grant=take_grant(practice=practice, circumstances=here))


@job(IMPORTING, passes=Action.RECORD_WRITE.value)
def bring(brought: str) -> None:
    """Keeps what another system's file holds; broken off, it goes on where it was."""
    carry_out(brought=UUID(brought))


@job(
    "records.look_after_imports",
    passes="Ids only, and what is too old: each import asks the gate itself.",
    periodic="17 * * * *",
)
def look_after_imports(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says when it was due
    """An import that was cut off goes on; a report that is a month old is gone."""
    forget_imports()
    for brought in imports_waiting():
        carry_out(brought=brought)
