"""What a request asks about, for the gate; and second questions inside one page."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Circumstances, Grant, Subject, authorise, guest, whoever
from teleward.access.queries.patients import patient_subject
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

FARTHEST = 150  # years


class LinkNeeded(Problem):
    """No valid visit cookie came with the request."""

    code = "consult:link-needed"
    status = 401
    message = _("Please open the link in your invitation again. If it does not work, call your practice.")


def own_practice(request: HttpRequest, **_address: object) -> Subject:
    """The practice of whoever is signed in."""
    organisation = whoever(request).organisation
    return Subject(kind="Organisation", id=organisation, organisation=organisation)


def practice_for(request: HttpRequest, patient: UUID | None = None) -> Subject:
    """The practice, with the patient an appointment is for: from the address, the form or the query."""
    asked = patient or as_id(request.POST.get("patient") or request.GET.get("patient"))
    if asked is None:
        return own_practice(request)
    organisation = patient_subject(patient=asked).organisation
    return Subject(kind="Organisation", id=organisation, organisation=organisation, patient=asked)


def that_visit(request: HttpRequest, visit: UUID, **_address: object) -> Subject:  # noqa: ARG001 - the gate's shape
    """The visit of the address."""
    return visit_subject(visit=visit)


def that_patient(request: HttpRequest, patient: UUID) -> Subject:  # noqa: ARG001 - the gate's shape
    """The patient of the address."""
    return patient_subject(patient=patient)


def own_visit(request: HttpRequest, **_address: object) -> Subject:
    """The one visit the visit cookie opens. Raises LinkNeeded."""
    visit = guest(request).visit
    if visit is None:
        raise LinkNeeded
    return visit_subject(visit=visit)


def further(request: HttpRequest, grant: Grant, action: Action, subject: Subject | None = None) -> Grant:
    """Asks the gate one more thing for the same actor, with its own ledger entry. Raises Refused."""
    about = subject or grant.subject
    return authorise(actor=grant.actor, action=action, subject=about, circumstances=Circumstances.of(request))


def sent(request: HttpRequest) -> QueryDict | None:
    """The fields of a form that was sent, also when all are empty; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def as_id(text: str | None) -> UUID | None:
    """The identifier a text holds, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def as_day(text: str | None) -> date | None:
    """The day a text names, or None; also for days so far away that clocks cannot be set to them."""
    try:
        found = parse_date(text or "")
    except ValueError:
        return None
    return found if found and abs(found.year - now().year) <= FARTHEST else None
