"""What the practice's other systems hold about a patient: a panel beside the chart's own."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.records.queries.elsewhere import summary
from teleward.records.views.asking import that_patient
from teleward.records.views.parts import part


@require_safe
@gate(Action.RECORD_READ, subject=that_patient)
def held(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """One part for each system, with its age; asked now, or from the last time."""
    context = {"systems": summary(grant=grant, patient=patient)}
    return part(request, "records/systems/held.html", context, grant=grant, title=_("In other systems"))
