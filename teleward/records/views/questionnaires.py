"""The practice's questionnaires: brought in as FHIR, looked at as patients see them, taken out of use."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.grants import Action, Grant, Subject, gate, whoever
from teleward.records.operations.questionnaires import (
    QuestionnaireFaulty,
    add_starters,
    keep_questionnaire,
    retire_questionnaire,
)
from teleward.records.queries.drafts import draft, waiting
from teleward.records.queries.questionnaires import (
    QuestionnaireCard,
    questionnaire,
    questionnaires,
    with_more,
)
from teleward.records.queries.questionnaires import form as form_of
from teleward.records.questionnaires.nodes import Typed

GET_POST = ["GET", "HEAD", "POST"]
UNPROCESSABLE = 422
ADDRESS = "/questionnaires/"


class JsonForm(forms.Form):
    """A Questionnaire as JSON."""

    text = forms.CharField(
        label=_("The questionnaire as FHIR JSON"),
        help_text=_("A Questionnaire of FHIR R4 with a title. Paste the whole file."),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )


def tried(request: HttpRequest) -> Typed:
    """What was typed to try a questionnaire."""
    return with_more(typed=dict(request.POST.lists()), wanted=request.POST.get("more", ""))


def my_practice(request: HttpRequest, **_address: object) -> Subject:
    """The practice of whoever asks."""
    actor = whoever(request)
    return Subject(kind="Organisation", id=actor.organisation, organisation=actor.organisation)


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def overview(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All of them, and the field for one more."""
    return _changed(request, grant, None)


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def one(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:
    """One as patients see it, with what was typed to try it, and its JSON to be changed."""
    return _changed(request, grant, questionnaire)


@require_POST
@gate(Action.FORM_CHANGE, subject=my_practice)
def retirement(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:  # noqa: ARG001 - the gate's shape
    """It is offered no more."""
    retire_questionnaire(grant=grant, card=_one(grant, questionnaire))
    return HttpResponseRedirect(ADDRESS)


@require_POST
@gate(Action.FORM_CHANGE, subject=my_practice)
def starting(request: HttpRequest, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the gate's shape
    """The questionnaires that come with Teleward, in the reader's language."""
    add_starters(grant=grant, language="de" if (get_language() or "").startswith("de") else "en")
    return HttpResponseRedirect(ADDRESS)


@require_safe
@gate(Action.FORM_CHANGE, subject=my_practice)
def file(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:  # noqa: ARG001 - the gate's shape
    """Its newest version as FHIR JSON, to be taken elsewhere."""
    card = _one(grant, questionnaire)
    response = HttpResponse(card.text, content_type="application/fhir+json")
    response.headers["Content-Disposition"] = f'attachment; filename="questionnaire-{card.id}.json"'
    return response


def _changed(request: HttpRequest, grant: Grant, named: UUID | None) -> HttpResponse:
    shown = _one(grant, named) if named else None
    form = JsonForm(initial={"text": shown.text if shown else ""})
    faults: tuple[str, ...] = ()
    if request.method == "POST" and "text" in request.POST:
        form = JsonForm(request.POST)
        try:
            if form.is_valid():
                kept = keep_questionnaire(grant=grant, text=form.cleaned_data["text"], named=named)
                return HttpResponseRedirect(f"{ADDRESS}{kept}/")
        except QuestionnaireFaulty as faulty:
            form.add_error("text", str(faulty.message))
            faults = faulty.faults
    return _page(request, grant, shown, form, faults)


def _page(
    request: HttpRequest,
    grant: Grant,
    shown: QuestionnaireCard | None,
    form: JsonForm,
    faults: tuple[str, ...],
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "faults": faults, "shown": shown}
    status = UNPROCESSABLE if form.is_bound else 200
    if shown is None:
        grant.must_cover(Action.FORM_CHANGE)
        context["found"] = questionnaires(practice=grant.organisation)
        context["waiting"] = waiting(grant=grant)
        return render(request, "records/questionnaires/all.html", context, status=status)
    context["draft"] = draft(grant=grant, named=shown.id)
    context["asked"] = form_of(card=shown, typed=tried(request))
    return render(request, "records/questionnaires/one.html", context, status=status)


def _one(grant: Grant, named: UUID) -> QuestionnaireCard:
    grant.must_cover(Action.FORM_CHANGE)  # opens the rows of the practice
    return questionnaire(practice=grant.organisation, named=named)
