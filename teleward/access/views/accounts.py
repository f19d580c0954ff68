"""Patients' accounts: the address on file, the invitation, and the second person who makes sure who it is."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.account_words import IDENTITY
from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, freshly, gate
from teleward.access.operations.accounts import (
    decline_account,
    offer_account,
    second_account,
    show_account_link,
)
from teleward.access.operations.patients import change_contact
from teleward.access.queries.accounts import account_asked, takes_two
from teleward.access.queries.patients import contact, patient, patient_subject
from teleward.access.views.answers import refused
from teleward.kernel.errors import Problem

UNPROCESSABLE = 422
GET_OR_POST = ["GET", "HEAD", "POST"]


class ContactForm(forms.Form):
    """How a patient can be reached."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "A new address is told to the one before. For three days an account needs a colleague's word."
        ),
        max_length=254,
        required=False,
    )
    telephone = forms.CharField(label=_("Telephone"), max_length=40, required=False)


class SecondForm(forms.Form):
    """How the second person made sure who the patient is."""

    how = forms.ChoiceField(
        label=_("How did you make sure who the patient is?"),
        widget=forms.RadioSelect,
        choices=list(IDENTITY.items()),
    )


def _patient(request: HttpRequest, patient_id: UUID) -> Subject:
    del request
    return patient_subject(patient=patient_id)


@require_http_methods(GET_OR_POST)
@gate(Action.PATIENT_CHANGE, reading=Action.PATIENT_READ, subject=_patient)
def contact_change(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Enters or puts right how the patient can be reached."""
    known = contact(grant=grant, patient_id=patient_id)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=vars(known))
    if form.is_valid():
        change_contact(grant=grant, patient_id=patient_id, **form.cleaned_data)
        return HttpResponseRedirect(f"/patients/{patient_id}/")
    shown = {"patient": patient(grant=grant, patient_id=patient_id), "form": form}
    return render(
        request, "access/contact_change.html", shown, status=UNPROCESSABLE if form.is_bound else 200
    )


@require_http_methods(GET_OR_POST)
@gate(Action.ACCOUNT_OPEN, reading=Action.PATIENT_READ, subject=_patient)
def patient_account(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Invites a patient to an account of their own, at the address on file or by a link that is shown."""
    shown: dict[str, object] = {
        "patient": patient(grant=grant, patient_id=patient_id),
        "email": contact(grant=grant, patient_id=patient_id).email,
        "by_mail": request.POST.get("by", "email") == "email",
        "takes_two": takes_two(grant=grant, by_mail=True),
    }
    if request.method == "POST":
        try:
            offer = offer_account(grant=grant, patient=patient_id, by_mail=bool(shown["by_mail"]))
        except Problem as problem:
            return refused(request, "access/patient_account.html", problem, **shown)
        if offer.issued:
            return _issued(request, patient_id, offer.issued)
    asked = account_asked(grant=grant)
    shown |= {"asked": asked, "is_mine": asked is not None and asked.asked_by == grant.actor.id}
    return render(request, "access/patient_account.html", shown)


@require_POST
@gate(Action.ACCOUNT_OPEN, subject=_patient)
def account_link(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Shows the link that a second person agreed to, once."""
    return _issued(request, patient_id, show_account_link(grant=grant, patient=patient_id))


@freshly
@require_http_methods(GET_OR_POST)
@gate(Action.ACCOUNT_SECOND, subject=_patient)
def second(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """The second person says how they made sure who the patient is, or does not agree."""
    declines = request.POST.get("answer") == "decline"
    form = SecondForm(request.POST if request.method == "POST" and not declines else None)
    shown = {
        "patient": patient(grant=grant, patient_id=patient_id),
        "email": contact(grant=grant, patient_id=patient_id).email,
        "asked": account_asked(grant=grant),
        "form": form,
    }
    if request.method == "POST" and (declines or form.is_valid()):
        try:
            _answered(request, grant, form)
        except Problem as problem:
            return refused(request, "access/second_account.html", problem, **shown)
        shown["done"] = "declined" if declines else "agreed"
    status = UNPROCESSABLE if form.is_bound and not form.is_valid() else 200
    return render(request, "access/second_account.html", shown, status=status)


def _answered(request: HttpRequest, grant: Grant, form: SecondForm) -> None:
    asked = _id(request.POST.get("request"))
    if form.is_bound:
        second_account(grant=grant, request=asked, how=form.cleaned_data["how"])
    else:
        decline_account(grant=grant, request=asked)


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)  # nobody asked for this one


def _issued(request: HttpRequest, patient_id: UUID, issued: object) -> HttpResponse:
    shown = {"issued": issued, "back": "", "patient_id": patient_id}
    return render(request, "access/invited.html", shown)
