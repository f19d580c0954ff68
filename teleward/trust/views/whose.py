"""Whose page it is, and numbers in an address."""

from uuid import UUID

from django.http import HttpRequest

from teleward.access.grants import Subject, whoever
from teleward.access.queries.patients import patient_subject


def own(request: HttpRequest, **_url: object) -> Subject:
    """The patient who is signed in; nobody else's window can even be named."""
    actor = whoever(request)
    return Subject(kind="Patient", id=actor.patient, organisation=actor.organisation, patient=actor.patient)


def whose(request: HttpRequest, *, patient: UUID | None = None, **_url: object) -> Subject:
    """The patient who is signed in, or the one whose page was opened to them."""
    return patient_subject(patient=patient) if patient else own(request)


def practice(request: HttpRequest, **_url: object) -> Subject:
    """The practice of whoever asks."""
    organisation = whoever(request).organisation
    return Subject(kind="Organisation", id=organisation, organisation=organisation)


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address, None where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None
