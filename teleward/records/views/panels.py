"""The panels of the chart that stand beside the call. Each asks the gate by itself."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.kernel.clock import now
from teleward.records.queries import panels
from teleward.records.queries.elsewhere import can_look_elsewhere
from teleward.records.views.asking import that_patient
from teleward.records.views.parts import part


@require_safe
@gate(Action.RECORD_READ, subject=that_patient)
def summary(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """Problems, medication, allergies, vaccinations, the newest results and measurements."""
    context = {
        "summary": panels.summary(grant=grant),
        "read_at": now(),
        "patient_id": patient,
        "has_systems": can_look_elsewhere(practice=grant.organisation),
    }
    return part(request, "records/panels/summary.html", context, grant=grant, title=_("Summary"))
