"""The part with everything that was, newest first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, would_allow
from teleward.consult.queries.timeline import KINDS, timeline
from teleward.consult.views.asking import further, that_patient
from teleward.consult.views.fragments import fragment

LAST_PAGE = 500


@require_safe
@gate(Action.RECORD_READ, subject=that_patient)
def patient_timeline(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """Visits, notes, documents, results, answers; by kind and by pages."""
    reads_notes = would_allow(grant=grant, action=Action.NOTE_READ)
    notes = further(request, grant, Action.NOTE_READ) if reads_notes else None
    shown = timeline(grant=grant, notes=notes, kind=request.GET.get("kind", ""), page=_page(request))
    context = {"timeline": shown, "kinds": KINDS, "patient_id": patient}
    return fragment(request, "consult/timeline.html", context, title=_("Timeline"), grant=grant)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1
