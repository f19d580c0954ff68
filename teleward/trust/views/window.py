"""The patient's own window: appointments, receipts, and who saw their data."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, Subject, gate, whoever
from teleward.access.queries.people import organisation
from teleward.consult.queries.visits import visits_of_patient
from teleward.kernel.clock import now
from teleward.trust.operations.objections import open_objection
from teleward.trust.queries.accesses import access, accesses
from teleward.trust.queries.objections import objections_of_patient


class ObjectionForm(forms.Form):
    """What looks wrong about an access."""

    words = forms.CharField(
        label=_("What looks wrong to you?"),
        help_text=_("For example: “I do not know this person” or “I had no appointment then”."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def own(request: HttpRequest, **_url: object) -> Subject:
    """The patient who is signed in; nobody else's window can even be named."""
    actor = whoever(request)
    return Subject(kind="Patient", id=actor.patient, organisation=actor.organisation, patient=actor.patient)


@gate(Action.WINDOW_OPEN, subject=own)
def window(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Appointments to come and those past, and the ways on."""
    practice = organisation(organisation_id=grant.organisation)
    visits = visits_of_patient(grant=grant)
    at = now()
    coming = sorted((v for v in visits if v.ends_at >= at and v.is_open), key=lambda v: v.starts_at)
    past = [v for v in visits if v not in coming]
    facts = {
        "practice": practice,
        "coming": coming,
        "past": past,
        "objections": objections_of_patient(grant=grant),
    }
    return render(request, "trust/window.html", facts)


@gate(Action.LEDGER_READ, subject=own)
def who_saw(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Who saw my data: one sentence per access, own accesses folded away."""
    before = request.GET.get("before", "")
    page = accesses(grant=grant, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    return render(request, "trust/who_saw.html", {"page_of": page})


@gate(Action.OBJECTION_OPEN, reading=Action.LEDGER_READ, subject=own)
def objection(request: HttpRequest, *, grant: Grant, entry: UUID) -> HttpResponse:
    """This looks wrong: the access once more, and room for the patient's words."""
    about = access(grant=grant, entry=entry)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_objection(grant=grant, entry=entry, words=form.cleaned_data["words"])
        return redirect("trust:window")
    return render(request, "trust/objection.html", {"access": about, "form": form})
