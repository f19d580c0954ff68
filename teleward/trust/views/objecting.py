"""This looks wrong, and who was it."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from teleward.access.grants import Action, Grant, gate
from teleward.trust.operations.objections import ask_for_name, open_objection
from teleward.trust.queries.accesses import access
from teleward.trust.views.whose import own


class ObjectionForm(forms.Form):
    """What looks wrong about an access."""

    words = forms.CharField(
        label=_("What looks wrong to you?"),
        help_text=_("For example: “I do not know this person” or “I had no appointment then”."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@gate(Action.OBJECTION_OPEN, reading=Action.LEDGER_READ, subject=own)
def objection(request: HttpRequest, *, grant: Grant, entry: UUID) -> HttpResponse:
    """This looks wrong: the access once more, and room for the patient's words."""
    about = access(grant=grant, entry=entry)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_objection(grant=grant, entry=entry, words=form.cleaned_data["words"])
        return redirect("trust:window")
    return render(request, "trust/objection.html", {"access": about, "form": form})


@require_POST
@gate(Action.OBJECTION_OPEN, subject=own)
def name_request(_request: HttpRequest, *, grant: Grant, entry: UUID) -> HttpResponse:
    """Asks the privacy officer who it was."""
    ask_for_name(grant=grant, entry=entry)
    return redirect("trust:window")
