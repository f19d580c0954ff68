"""The privacy officer's desk: what patients say looks wrong, who they ask for, and the answer."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import Action, Grant, Subject, gate
from teleward.access.operations.naming import decide_naming
from teleward.access.queries.naming import shows_names
from teleward.access.queries.people import organisation
from teleward.trust.operations.objections import NAME, REVIEW, answer_objection
from teleward.trust.queries import objections as queries
from teleward.trust.queries.proofs import (
    chain_name,
    file_of_objection,
    number_of_objection,
    proof_of_objection,
)
from teleward.trust.views.whose import number, practice
from teleward.trust.views.window import FILE_TYPE, as_json

FINDINGS = {
    REVIEW: (
        ("justified", _("The access was right; I explain why")),
        ("policy-gap", _("The access was allowed but should not be; we change the rule")),
        ("misuse", _("The access was misuse; we act on it")),
    ),
    NAME: (
        ("named", _("The patient may know the name; it now stands in their list")),
        ("not-named", _("The name stays with us; I explain why")),
    ),
}
SHOWN = (
    ("names", _("Name and role, for example “Dr. Jana Novak (doctor)”")),
    ("roles", _("The role only, for example “Somebody from the practice (doctor)”")),
)


class AnswerForm(forms.Form):
    """What was found, and the words the patient reads."""

    finding = forms.ChoiceField(label=_("What did you find?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Your answer to the patient"),
        help_text=_("Use plain words. The patient reads this on their page."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: object, wish: str, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Django's own arguments
        self.fields["finding"].choices = FINDINGS[wish]  # type: ignore[attr-defined]  # of a choice field


class NamingForm(forms.Form):
    """Names or roles."""

    shows = forms.ChoiceField(
        label=_("What do patients read of those who opened their data?"),
        help_text=_("Dates and purposes they always read. Of roles they can ask for the name; you decide."),
        choices=SHOWN,
        widget=forms.RadioSelect,
    )


def one(_request: HttpRequest, *, objection: UUID) -> Subject:
    """One objection."""
    return queries.objection_subject(objection=objection)


@gate(Action.OBJECTION_LIST, subject=practice)
def objections(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All objections, open ones first."""
    facts = {
        "objections": queries.objections(grant=grant),
        "with_names": shows_names(organisation=grant.organisation),
    }
    return render(request, "trust/objections.html", facts)


@gate(Action.OBJECTION_LIST, subject=practice)
def naming(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Names or roles: the practice's decision."""
    now_shown = "names" if shows_names(organisation=grant.organisation) else "roles"
    form = NamingForm(request.POST or None, initial={"shows": now_shown})
    if request.method == "POST" and form.is_valid():
        decide_naming(grant=grant, shows=form.cleaned_data["shows"])
        return redirect("trust:objections")
    return render(request, "trust/naming.html", {"form": form}, status=422 if form.is_bound else 200)


@gate(Action.OBJECTION_READ, subject=one)
def objection(request: HttpRequest, *, grant: Grant, objection: UUID) -> HttpResponse:  # noqa: ARG001 - the gate's subject
    """One objection with the proof of its entry and the form of the answer."""
    return _shown(request, grant)


@require_safe
@gate(Action.OBJECTION_READ, subject=one)
def proof(request: HttpRequest, *, grant: Grant, objection: UUID) -> JsonResponse:  # noqa: ARG001 - the gate's subject
    """The entry with its proof, for the page's script."""
    return as_json(proof_of_objection(grant=grant, seen=number(request, "seen") or 0))


@require_safe
@gate(Action.OBJECTION_READ, subject=one)
def proof_file(_request: HttpRequest, *, grant: Grant, objection: UUID) -> HttpResponse:
    """The same as a file that can be checked without us."""
    named = f'attachment; filename="{objection}.teleward-proof.json"'
    text = file_of_objection(grant=grant)
    return HttpResponse(text, content_type=FILE_TYPE, headers={"Content-Disposition": named})


@require_POST
@gate(Action.OBJECTION_ANSWER, subject=one)
def answer(request: HttpRequest, *, grant: Grant, objection: UUID) -> HttpResponse:
    """Answers an objection."""
    form = AnswerForm(request.POST, wish=queries.objection(grant=grant).wish)
    if not form.is_valid():
        return _shown(request, grant, form)
    answer_objection(grant=grant, **form.cleaned_data)
    return redirect("trust:desk-objection", objection=objection)


def _shown(request: HttpRequest, grant: Grant, form: AnswerForm | None = None) -> HttpResponse:
    card, entry = queries.objection(grant=grant), number_of_objection(grant=grant)
    facts = {
        "objection": card,
        "form": form or AnswerForm(wish=card.wish),
        "number": entry,
        "proofs": reverse("trust:desk-proof", args=[card.id]),
        "chain": chain_name(grant=grant),
        "practice": organisation(organisation_id=grant.organisation),
    }
    return render(request, "trust/desk_objection.html", facts, status=422 if form else 200)
