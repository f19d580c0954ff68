"""What the calendar made of an appointment that another system keeps."""

from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.kernel.errors import NotFound
from teleward.records.hl7.reasons import Reason
from teleward.records.models import AppointmentRequest, Handling
from teleward.records.queries.requests import patient_of


@transaction.atomic
def settle(*, grant: Grant, request: UUID, visit: UUID | None, is_possible: bool = True) -> None:
    """The visit that it became, and that it was followed; or that a person has to decide.

    Raises NotFound.
    """
    grant.must_cover(Action.VISIT_BOOK)
    rows = AppointmentRequest.objects.select_for_update().filter(organisation=grant.organisation)
    row = rows.filter(id=request, patient=patient_of(grant)).first()
    if row is None:
        raise NotFound
    row.visit = visit
    row.save(update_fields=["visit"])
    if row.received_id:
        Handling.objects.create(
            received_id=row.received_id,
            outcome="applied" if is_possible else "waiting",
            reason="" if is_possible else Reason.NOT_POSSIBLE,
            patient=row.patient,
        )
    record(grant=grant, detail={"appointment": str(row.id), "followed": "yes" if is_possible else "no"})
