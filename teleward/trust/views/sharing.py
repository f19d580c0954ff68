"""What the patient agreed to, and whom they let see their page."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import Action, Grant, Subject, freshly, gate
from teleward.access.operations.proxies import offer_access, take_access, withdraw_access, withdraw_offer
from teleward.access.queries.accounts import account_waits_until
from teleward.access.queries.people import organisation
from teleward.access.queries.proxies import offer_is_good, offers_of_patient, proxies_of_patient
from teleward.consult.operations.choices import withdraw
from teleward.consult.queries.receipts import consents_of_patient
from teleward.consult.queries.subjects import visit_subject
from teleward.trust.views.whose import own

SCOPES = (
    ("page", _("Appointments and overviews")),
    ("ledger", _("Appointments and overviews, and who saw my data")),
)


class OfferForm(forms.Form):
    """Whom the patient lets in, and how far."""

    label = forms.CharField(
        label=_("Who is it for?"), help_text=_("For example: “my daughter Hanna”."), max_length=80
    )
    scope = forms.ChoiceField(
        label=_("What may they see?"), choices=SCOPES, widget=forms.RadioSelect, initial="page"
    )
    readings = forms.BooleanField(
        label=_("They may also see what my devices measured"),
        help_text=_("They can look, and not send or mark anything."),
        required=False,
    )


def that_visit(_request: HttpRequest, *, visit: UUID) -> Subject:
    """The visit of the address."""
    return visit_subject(visit=visit)


@require_safe
@gate(Action.WINDOW_OPEN, subject=own)
def consents(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Everything the patient agreed to, with its history."""
    facts = {
        "consents": consents_of_patient(grant=grant),
        "practice": organisation(organisation_id=grant.organisation),
    }
    return render(request, "trust/consents.html", facts)


@require_POST
@gate(Action.VISIT_CONSENT, subject=that_visit)
def consent_withdrawal(_request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """Takes the consent for one visit back."""
    withdraw(grant=grant, visit=visit)
    return redirect("trust:consents")


@require_safe
@gate(Action.WINDOW_OPEN, subject=own)
def sharing(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Who has access, which links wait, and who had it."""
    return _shown(request, grant)


@freshly
@gate(Action.PROXY_CHANGE, reading=Action.WINDOW_OPEN, subject=own)
@sensitive_variables("token")
def offer(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Makes a link for somebody; it is shown once."""
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = offer_access(
            grant=grant,
            label=form.cleaned_data["label"],
            may_see_ledger=form.cleaned_data["scope"] == "ledger",
            may_see_readings=form.cleaned_data["readings"],
        )
        link = settings.ORIGIN + reverse("trust:take-access", args=[token])
        return render(request, "trust/offered.html", {"link": link, "label": form.cleaned_data["label"]})
    status = 422 if form.is_bound else 200
    shown: dict[str, object] = {"form": form}
    if not form.is_bound:
        shown["waits_until"] = account_waits_until(grant=grant)
    return render(request, "trust/offer.html", shown, status=status)


@require_POST
@freshly
@gate(Action.PROXY_CHANGE, subject=own)
def proxy_withdrawal(_request: HttpRequest, *, grant: Grant, proxy: UUID) -> HttpResponse:
    """Takes an access back at once."""
    withdraw_access(grant=grant, proxy=proxy)
    return redirect("trust:sharing")


@require_POST
@freshly
@gate(Action.PROXY_CHANGE, subject=own)
def offer_withdrawal(_request: HttpRequest, *, grant: Grant, offer: UUID) -> HttpResponse:
    """Takes an unused link back."""
    withdraw_offer(grant=grant, offer=offer)
    return redirect("trust:sharing")


@freshly
@gate(Action.PROXY_CHANGE, reading=Action.WINDOW_OPEN, subject=own)
def taking(request: HttpRequest, *, grant: Grant, token: str) -> HttpResponse:
    """Somebody who was given access takes it up with their own account."""
    if request.method == "POST":
        return redirect("trust:window-of", patient=take_access(grant=grant, token=token))
    return render(request, "trust/taking.html", {"is_good": offer_is_good(token=token), "token": token})


def _shown(request: HttpRequest, grant: Grant) -> HttpResponse:
    facts = {
        "proxies": proxies_of_patient(grant=grant),
        "offers": offers_of_patient(grant=grant),
        "practice": organisation(organisation_id=grant.organisation),
    }
    return render(request, "trust/sharing.html", facts)
