"""What a request asks about, for the gate."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import ActorKind, Subject, guest, whoever
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.visits import subject_of_visit
from teleward.kernel.errors import Problem


class LinkNeeded(Problem):
    """No valid visit cookie came with the request."""

    code = "devices:link-needed"
    status = 401
    message = _("Please open the link in your invitation again. If it does not work, call your practice.")


def own_visit(request: HttpRequest, **_address: object) -> Subject:
    """The one visit the visit cookie opens. Raises LinkNeeded."""
    visit = guest(request).visit
    if visit is None:
        raise LinkNeeded
    return subject_of_visit(visit=visit)


def that_visit(request: HttpRequest, visit: UUID, **_address: object) -> Subject:  # noqa: ARG001 - the gate's shape
    """The visit of the address."""
    return subject_of_visit(visit=visit)


def that_patient(request: HttpRequest, patient: UUID, **_address: object) -> Subject:  # noqa: ARG001 - the gate's shape
    """The patient of the address."""
    return patient_subject(patient=patient)


def own_patient(request: HttpRequest, **_address: object) -> Subject:
    """The patient who is signed in; nobody else's page can even be named."""
    actor = whoever(request)
    return Subject(kind="Patient", id=actor.patient, organisation=actor.organisation, patient=actor.patient)


def given_patient(request: HttpRequest, patient: UUID, **_address: object) -> Subject:
    """The patient of the address, for accounts of patients; staff have a page of their own for them."""
    is_account = whoever(request).kind is ActorKind.PATIENT
    return patient_subject(patient=patient) if is_account else Subject(kind="Patient", id=None)


def own_practice(request: HttpRequest, **_address: object) -> Subject:
    """The practice of whoever is signed in."""
    organisation = whoever(request).organisation
    return Subject(kind="Organisation", id=organisation, organisation=organisation)
