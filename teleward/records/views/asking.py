"""What a request about the chart asks about, for the gate."""

from uuid import UUID

from django.http import HttpRequest

from teleward.access.grants import Subject
from teleward.access.queries.patients import patient_subject


def that_patient(request: HttpRequest, patient: UUID, **_address: object) -> Subject:  # noqa: ARG001 - the gate's shape
    """The patient of the address."""
    return patient_subject(patient=patient)
