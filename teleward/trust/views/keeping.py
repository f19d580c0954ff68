"""What is kept and until when, and asking for erasure."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, freshly, gate
from teleward.trust.operations.erasures import ask_for_erasure
from teleward.trust.queries.keeping import erasure_of_patient, kept_of_patient
from teleward.trust.views.whose import own


class ErasureForm(forms.Form):
    """What the patient wants to be erased."""

    words = forms.CharField(
        label=_("What should we erase?"),
        help_text=_("For example: “my telephone number” or “everything that can go”."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
@gate(Action.WINDOW_OPEN, subject=own)
def kept(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """What is kept about the patient, with their own dates, and what became of a request."""
    facts = {"kept": kept_of_patient(grant=grant), "erasure": erasure_of_patient(grant=grant)}
    return render(request, "trust/kept.html", facts)


@freshly
@gate(Action.ERASURE_ASK, reading=Action.WINDOW_OPEN, subject=own)
def erasure(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Asks for erasure: what can go now and what the law keeps stands above the form."""
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_for_erasure(grant=grant, words=form.cleaned_data["words"])
        return redirect("trust:kept")
    facts = {"form": form, "kept": kept_of_patient(grant=grant)}
    return render(request, "trust/erasure.html", facts, status=422 if form.is_bound else 200)
