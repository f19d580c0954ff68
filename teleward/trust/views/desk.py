"""The privacy officer's desk: what patients say looks wrong, and the answer."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from teleward.access.grants import Action, Grant, Subject, gate, whoever
from teleward.trust.operations.objections import answer_objection
from teleward.trust.queries import objections as queries

FINDINGS = (
    ("justified", _("The access was right; I explain why")),
    ("policy-gap", _("The access was allowed but should not be; we change the rule")),
    ("misuse", _("The access was misuse; we act on it")),
)


class AnswerForm(forms.Form):
    """What was found, and the words the patient reads."""

    finding = forms.ChoiceField(label=_("What did you find?"), choices=FINDINGS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Your answer to the patient"),
        help_text=_("Use plain words. The patient reads this on their page."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def practice(request: HttpRequest) -> Subject:
    """The practice of whoever asks."""
    organisation = whoever(request).organisation
    return Subject(kind="Organisation", id=organisation, organisation=organisation)


def one(_request: HttpRequest, *, objection: UUID) -> Subject:
    """One objection."""
    return queries.objection_subject(objection=objection)


@gate(Action.OBJECTION_LIST, subject=practice)
def objections(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All objections, open ones first."""
    return render(request, "trust/objections.html", {"objections": queries.objections(grant=grant)})


@gate(Action.OBJECTION_READ, subject=one)
def objection(request: HttpRequest, *, grant: Grant, objection: UUID) -> HttpResponse:  # noqa: ARG001 - the gate's subject
    """One objection, with the form of the answer."""
    return _shown(request, grant, AnswerForm())


@require_POST
@gate(Action.OBJECTION_ANSWER, subject=one)
def answer(request: HttpRequest, *, grant: Grant, objection: UUID) -> HttpResponse:
    """Answers an objection."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, grant, form)
    answer_objection(grant=grant, **form.cleaned_data)
    return redirect("trust:desk-objection", objection=objection)


def _shown(request: HttpRequest, grant: Grant, form: AnswerForm) -> HttpResponse:
    return render(
        request, "trust/desk_objection.html", {"objection": queries.objection(grant=grant), "form": form}
    )
