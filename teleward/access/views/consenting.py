"""The page on which somebody is asked whether an app may act for them, and the ways to it and back."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.actions import Action
from teleward.access.actors import ActorKind
from teleward.access.grants import Grant, Subject, gate, whoever
from teleward.access.operations.consents import Consent, allow, consent_for, deny, open_app, take_back
from teleward.access.queries.apps import allowed_apps, apps_to_open
from teleward.access.queries.bars import bar
from teleward.access.queries.patients import PatientCard, patient, patient_subject, patients
from teleward.access.smart.questions import NAMES, SentBack
from teleward.access.views.answers import my_practice
from teleward.kernel.errors import NotFound

SEE_OTHER = 303


class _Away(HttpResponse):
    """To an app's own address, of whatever scheme it was registered with."""

    def __init__(self, address: str) -> None:
        super().__init__(status=SEE_OTHER)
        self["Location"] = address


def whose(request: HttpRequest, **_url: object) -> Subject:
    """Whose data an app of the asker is about: a patient's own, or whatever a member of staff may see."""
    actor = whoever(request)
    if actor.kind is ActorKind.PATIENT:
        own = actor.patient
        return Subject(kind="Patient", id=own, organisation=actor.organisation, patient=own)
    return Subject(kind="Person", id=actor.id, organisation=actor.organisation)


def of_patient(request: HttpRequest, patient_id: UUID, **_url: object) -> Subject:
    """The patient of the address."""
    del request
    return patient_subject(patient=patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
@gate(Action.APP_ALLOW, subject=whose)
def authorize(request: HttpRequest, *, grant: Grant) -> HttpResponseBase:
    """What the app may do, in plain words; yes or no."""
    asked = _asked(request)
    try:
        consent = consent_for(asked=asked, actor=grant.actor, chosen=_chosen(request))
    except SentBack as back:
        return _Away(back.address)
    answer = request.POST.get("answer", "")
    if answer == "no":
        return _Away(deny(grant=grant, consent=consent))
    if consent.must_choose:
        return render(request, "access/app_patient.html", {"consent": consent, "asked": asked})
    if grant.actor.kind is ActorKind.STAFF and consent.patient:
        return _about_patient(request, patient_id=consent.patient, asking=(grant, consent, asked))
    if answer == "yes":
        return _agreed(grant, consent)
    return _shown(request, consent, asked)


@require_POST
@gate(Action.PATIENT_LIST, subject=my_practice)
def choose(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """For whom a member of staff opens the app: patients by name."""
    words = request.POST.get("search", "")[:100]
    found = patients(grant=grant, search=words, most=20) if words.strip() else []
    shown = {"asked": _asked(request), "search": words, "patients": found}
    return render(request, "access/app_patient.html", shown)


@require_safe
@gate(Action.PATIENT_READ, subject=of_patient)
def apps_of_patient(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """The apps that can be opened for this patient."""
    shown = apps_to_open(grant=grant)
    _lead_to(request, *(app.launch_url for app in shown))
    context = {"apps": shown, "patient": patient(grant=grant, patient_id=patient_id), "who": bar(grant=grant)}
    return render(request, "access/apps_of_patient.html", context)


@require_POST
@gate(Action.PATIENT_READ, subject=of_patient)
def launch(request: HttpRequest, patient_id: UUID, client: UUID, *, grant: Grant) -> HttpResponse:
    """To the app, which asks us back for whom it was opened."""
    del request, patient_id
    return _Away(open_app(grant=grant, client=client))


@require_safe
@gate(Action.APP_WITHDRAW, subject=whose)
def mine(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """What the asker has allowed apps."""
    return render(request, "access/my_apps.html", {"apps": allowed_apps(grant=grant)})


@require_POST
@gate(Action.APP_WITHDRAW, subject=whose)
def end(request: HttpRequest, given: UUID, *, grant: Grant) -> HttpResponse:
    """Taken back, at once."""
    del request
    take_back(grant=grant, given=given)
    return _Away(reverse("access:my-apps"))


@gate(Action.PATIENT_READ, subject=of_patient)
def _about_patient(
    request: HttpRequest,
    *,
    patient_id: UUID,
    asking: tuple[Grant, Consent, Mapping[str, str]],
    grant: Grant,
) -> HttpResponse:
    """The same for a member of staff, who must be let in to the patient as well."""
    own, consent, asked = asking
    if request.POST.get("answer") == "yes":
        return _agreed(own, consent, grant)
    return _shown(request, consent, asked, patient(grant=grant, patient_id=patient_id))


def _agreed(grant: Grant, consent: Consent, about: Grant | None = None) -> HttpResponse:
    """To the app with its code; without one where another yes came first."""
    try:
        return _Away(allow(grant=grant, consent=consent, about=about))
    except SentBack as back:
        return _Away(back.address)


def _shown(
    request: HttpRequest, consent: Consent, asked: Mapping[str, str], who: PatientCard | None = None
) -> HttpResponse:
    _lead_to(request, consent.question.redirect_uri)
    where = urlsplit(consent.question.redirect_uri)
    shown = {
        "consent": consent,
        "asked": asked,
        "patient": who,
        "place": where.netloc or where.scheme,
    }
    return render(request, "access/consent.html", shown)


def _asked(request: HttpRequest) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    return {name: sent[name] for name in NAMES if name in sent}


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["patient"]) if request.POST.get("patient") else None
    except ValueError as unreadable:
        raise NotFound from unreadable


def _lead_to(request: HttpRequest, *addresses: str) -> None:
    """The form on this page may lead to these places; the policy of the page names them."""
    request.form_leads_to = tuple(_place(address) for address in addresses)  # type: ignore[attr-defined]  # safety reads it


def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else f"{parts.scheme}:"
