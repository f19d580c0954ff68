"""A questionnaire as it is built: its questions in order beside what patients will see, step by step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.grants import Action, Grant, gate
from teleward.records.operations.drafts import (
    DraftMoved,
    DraftUnready,
    begin_draft,
    change_draft,
    copy_draft,
    discard_draft,
    publish_draft,
    undo_draft,
)
from teleward.records.queries.drafts import DraftCard, draft, shown, troubles
from teleward.records.questionnaires.building.bodies import renamed
from teleward.records.questionnaires.building.forms import TitleForm
from teleward.records.questionnaires.building.kinds import KINDS
from teleward.records.questionnaires.building.outline import line_of, moved, removed
from teleward.records.questionnaires.building.wording import name_of
from teleward.records.views.questionnaires import ADDRESS, GET_POST, UNPROCESSABLE, my_practice, tried

Json = dict[str, Any]
SEE_OTHER, CONFLICT = 303, 409
STEPS: dict[str, Callable[[Json, str], Json]] = {
    "up": lambda body, key: moved(body, key, -1),
    "down": lambda body, key: moved(body, key, 1),
    "remove": removed,
}


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def build(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:
    """The questions in order. One is moved, removed or brought back; the preview is tried."""
    card = draft(grant=grant, named=questionnaire)
    what, _colon, key = request.POST.get("do", "").partition(":")
    if what == "undo":
        return _undone(request, grant, card)
    line = line_of(card.body, key)
    if what not in STEPS or line is None:
        return page(request, card)
    after = change_draft(grant=grant, named=card.id, step=lambda body: _taken(what, body, key))
    return _stepped(request, after, key, name_of(line))


def _taken(what: str, body: Json, key: str) -> Json:
    """After this step; what somebody else removed meanwhile stays removed."""
    return STEPS[what](body, key) if line_of(body, key) else body


@require_POST
@gate(Action.FORM_CHANGE, subject=my_practice)
def publication(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:
    """It is offered from now on, as a new version."""
    try:
        publish_draft(grant=grant, named=questionnaire, step=_step(request))
    except DraftUnready:
        card = draft(grant=grant, named=questionnaire)
        return page(request, card, refused=True, status=UNPROCESSABLE)
    except DraftMoved as why:
        card = draft(grant=grant, named=questionnaire)
        return page(request, card, problem=str(why.message), status=CONFLICT)
    return HttpResponseRedirect(f"{ADDRESS}{questionnaire}/", status=SEE_OTHER)


@require_POST
@gate(Action.FORM_CHANGE, subject=my_practice)
def discarding(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:  # noqa: ARG001 - the gate's shape
    """Nothing waits to be published any more."""
    discard_draft(grant=grant, named=questionnaire)
    return HttpResponseRedirect(ADDRESS, status=SEE_OTHER)


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def new(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The title of one that is to be built."""
    form = TitleForm(request.POST if request.method == "POST" else None, initial={"language": _language()})
    if form.is_valid():
        return _to(begin_draft(grant=grant, **form.cleaned_data))
    return _titled(request, form, gettext("New questionnaire"), ADDRESS)


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def title(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:
    """Another title or language."""
    card = draft(grant=grant, named=questionnaire)
    initial = {"title": card.title, "language": card.language}
    form = TitleForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        change_draft(grant=grant, named=card.id, step=lambda body: renamed(body, **form.cleaned_data))
        return _to(card.id)
    return _titled(request, form, gettext("Title and language"), f"{ADDRESS}{card.id}/build/")


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def copy(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:
    """A questionnaire of its own that begins with what this one asks."""
    card = draft(grant=grant, named=questionnaire)
    named = gettext("%(title)s (copy)") % {"title": card.title}
    initial = {"title": named, "language": card.language}
    form = TitleForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        return _to(copy_draft(grant=grant, named=card.id, **form.cleaned_data))
    return _titled(request, form, gettext("Copy a questionnaire"), f"{ADDRESS}{card.id}/")


def page(
    request: HttpRequest,
    card: DraftCard,
    *,
    said: str = "",
    problem: str = "",
    refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed to try the preview."""
    found = troubles(body=card.body)
    context = {
        "card": card,
        "lines": [(line, [each.words for each in found if each.line == line]) for line in card.lines],
        "troubles": found,
        "kinds": KINDS.items(),
        "asked": shown(body=card.body, typed=tried(request)),
        "said": said,
        "problem": problem,
        "refused": refused,
    }
    response = render(request, "records/questionnaires/build.html", context, status=status)
    response.headers["Vary"] = "HX-Request"
    return response


def _stepped(request: HttpRequest, card: DraftCard, key: str, name: str) -> HttpResponse:
    """With a script the page says what happened; without one it opens where that was."""
    if not request.headers.get("HX-Request"):
        return _to(card.id, f"q-{key}" if line_of(card.body, key) else "questions")
    line = line_of(card.body, key)
    now = gettext("Removed: %(before)s. “Take back the last step” brings it back.")
    if line is not None:
        now = gettext("%(before)s is %(after)s now.") % {"before": name, "after": name_of(line)}
    return page(request, card, said=now % {"before": name} if line is None else now)


def _undone(request: HttpRequest, grant: Grant, card: DraftCard) -> HttpResponse:
    try:
        after = undo_draft(grant=grant, named=card.id, step=_step(request))
    except DraftMoved as why:
        status = 200 if request.headers.get("HX-Request") else CONFLICT
        return page(request, card, problem=str(why.message), status=status)
    if not request.headers.get("HX-Request"):
        return _to(card.id, "questions")
    return page(request, after, said=gettext("The last step was taken back."))


def _titled(request: HttpRequest, form: TitleForm, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "records/questionnaires/title.html", context, status=status)


def _to(named: UUID, place: str = "") -> HttpResponse:
    return HttpResponseRedirect(f"{ADDRESS}{named}/build/{f'#{place}' if place else ''}", status=SEE_OTHER)


def _step(request: HttpRequest) -> int:
    said = request.POST.get("step", "")
    return int(said) if said.isdecimal() and len(said) < 9 else -1


def _language() -> str:
    return "de" if (get_language() or "").startswith("de") else "en"
