"""The one-line prompt: why somebody opens an entry that nothing else explains. It never blocks."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, gate
from teleward.access.operations.reasons import ReasonTooShort, give_reason
from teleward.access.queries.patients import patient_subject
from teleward.access.views.answers import next_of, refused


def _patient(request: HttpRequest, patient_id: UUID) -> Subject:
    del request
    return patient_subject(patient=patient_id)


@require_POST
@gate(Action.REASON_GIVE, subject=_patient)
def reason(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Takes the line and goes on to the page that was wanted."""
    shown = {"patient_id": patient_id, "next": next_of(request), "words": request.POST.get("words", "")[:400]}
    try:
        give_reason(grant=grant, words=str(shown["words"]))
    except ReasonTooShort as problem:
        return refused(request, "access/reason.html", problem, **shown)
    return HttpResponseRedirect(str(shown["next"]))
