"""The grants of what this room does by itself, each with its ledger entry like any other."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.devices.queries.alerts import alert_subject
from teleward.kernel.openings import without_grant


@without_grant("The way in: it asks the gate for what the server does by itself.")
def grant_for_alert(*, alert: UUID, action: Action = Action.ALERT_ACKNOWLEDGE) -> Grant:
    """About the patient of an alert. Raises NotFound."""
    subject = alert_subject(alert=alert)
    return system_grant(action=action, organisation=subject.organisation, subject=subject, via="job")


@without_grant("The way in: it asks the gate for what the server does by itself.")
def grant_for_readings(*, patient: UUID) -> Grant:
    """For holding a patient's readings against limits and summing them up. Raises NotFound."""
    subject = patient_subject(patient=patient)
    return system_grant(
        action=Action.READING_READ, organisation=subject.organisation, subject=subject, via="job"
    )


@without_grant("The way in: it asks the gate for what the server does by itself.")
def grant_to_chart(*, patient: UUID) -> Grant:
    """For writing a patient's readings into the chart. Raises NotFound."""
    subject = patient_subject(patient=patient)
    return system_grant(
        action=Action.RECORD_WRITE, organisation=subject.organisation, subject=subject, via="job"
    )
