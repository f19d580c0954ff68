"""One question of a questionnaire that is built: what it asks, what may be answered, when it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, gate
from teleward.kernel.errors import NotFound
from teleward.records.operations.drafts import change_draft
from teleward.records.queries.drafts import DraftCard, draft, shown
from teleward.records.questionnaires.building.forms import About, QuestionForm, initial_of
from teleward.records.questionnaires.building.kinds import KINDS
from teleward.records.questionnaires.building.outline import Line, line_of, places, where_of
from teleward.records.questionnaires.building.putting import Stale, blank, put, seen
from teleward.records.questionnaires.building.question import Said, changed, hidden_of, said_of
from teleward.records.questionnaires.building.whens import When
from teleward.records.questionnaires.building.wording import place_words, row_shown
from teleward.records.views.questionnaires import ADDRESS, GET_POST, UNPROCESSABLE, my_practice

Json = dict[str, Any]
SEE_OTHER, CONFLICT = 303, 409
MOST_ROWS = 20


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which question of which questionnaire the page is about; `line` is None for a new one."""

    card: DraftCard
    line: Line | None
    item: Json

    @property
    def lines(self) -> tuple[Line, ...]:
        """All questions."""
        return self.card.lines

    @property
    def earlier(self) -> tuple[Line, ...]:
        """The questions that it may wait for: those before it that have answers."""
        before = self.lines[: self.lines.index(self.line)] if self.line in self.lines else self.lines
        return tuple(each for each in before if each.kind not in {"group", "display"})


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def question(request: HttpRequest, *, grant: Grant, questionnaire: UUID, question: str) -> HttpResponse:
    """One that is there, to be changed."""
    card = draft(grant=grant, named=questionnaire)
    line = line_of(card.body, question)
    if line is None and request.method != "POST":
        raise NotFound
    kind = request.POST.get("kind", "string")
    item = line.item if line else blank(kind if kind in KINDS else "string")
    return _answer(request, grant, Place(card=card, line=line, item=item))


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=my_practice)
def new_question(request: HttpRequest, *, grant: Grant, questionnaire: UUID) -> HttpResponse:
    """One more."""
    card = draft(grant=grant, named=questionnaire)
    said = request.POST if request.method == "POST" else request.GET
    kind = said.get("kind", "string")
    return _answer(
        request, grant, Place(card=card, line=None, item=blank(kind if kind in KINDS else "string"))
    )


def _answer(request: HttpRequest, grant: Grant, place: Place) -> HttpResponse:
    before = said_of(place.item, place.lines)
    if request.method != "POST":
        where = where_of(place.card.body, place.line.key) if place.line else _last(request, place)
        return _page(request, place, _form(place, before, where=where), before)
    form, rows = _form(place, before, data=request.POST), _rows(request.POST)
    fits = form.is_valid()
    said = form.said(rows)
    _item, wrong = changed(place.item, said, place.lines)
    what = request.POST.get("do", "")
    if what not in {"save", "save-next"}:
        return _page(request, place, _again(request, place, before), said)
    if not fits or wrong:
        return _page(request, place, form, said, wrong=wrong, status=UNPROCESSABLE)
    return _saved(request, grant, place, said)


def _saved(request: HttpRequest, grant: Grant, place: Place, said: Said) -> HttpResponse:
    key, where = place.line.key if place.line else "", request.POST.get("where", "")
    as_seen, known = request.POST.get("seen", ""), {line.key for line in place.lines}

    def step(body: Json) -> Json:
        return put(body, key=key, as_seen=as_seen, said=said, where=where)

    try:
        after = change_draft(grant=grant, named=place.card.id, step=step)
    except Stale:
        fresh = Place(card=draft(grant=grant, named=place.card.id), line=place.line, item=place.item)
        form = _again(request, fresh, said_of(fresh.item, fresh.lines))
        return _page(request, fresh, form, said, stale=True, status=CONFLICT)
    key = key or next(line.key for line in after.lines if line.key not in known)
    address = f"{ADDRESS}{place.card.id}/build/"
    onward = (
        f"{address}new/?where=after:{key}" if request.POST.get("do") == "save-next" else f"{address}#q-{key}"
    )
    return HttpResponseRedirect(onward, status=SEE_OTHER)


def _last(request: HttpRequest, place: Place) -> str:
    """Where a new question stands: where it was asked for, else at the end."""
    wanted = request.GET.get("where", "")
    top = [line for line in place.lines if not line.parent and line is not place.line]
    return wanted if wanted in dict(places(place.card.body)) else f"after:{top[-1].key}" if top else "first"


def _form(place: Place, before: Said, data: QueryDict | None = None, where: str = "") -> QuestionForm:
    return QuestionForm(data, initial=initial_of(before, where), about=_about(place, before))


def _again(request: HttpRequest, place: Place, before: Said) -> QuestionForm:
    """What was typed, without a word about what is wrong: nothing was handed in yet."""
    typed = initial_of(before, _last(request, place)) | request.POST.dict()
    ticked = {name: name in request.POST for name in ("required", "repeats")}
    return QuestionForm(initial=typed | ticked, about=_about(place, before))


def _about(place: Place, before: Said) -> About:
    key = place.line.key if place.line else ""
    everywhere = [(where, place_words(where, line)) for where, line in places(place.card.body, key)]
    return About(places=everywhere, before=before, has_items=bool(place.item.get("item")))


def _rows(data: QueryDict) -> tuple[When, ...]:
    """The conditions as they were typed, with one more or one less where that was asked for."""
    count = data.get("whens", "")
    rows = [
        _row(data, n)
        for n in range(min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 4 else 0)
    ]
    what, _colon, number = data.get("do", "").partition(":")
    if what == "when-add" and len(rows) < MOST_ROWS:
        rows.append(When())
    if what == "when-remove" and number.isdecimal() and int(number) < len(rows):
        del rows[int(number)]
    return tuple(rows)


def _count(text: str) -> int:
    return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) < 4 else 0


def _row(data: QueryDict, place: int) -> When:
    said = {name: data.get(f"when{place}-{name}", "") for name in ("question", "operator", "value", "kept")}
    if said["kept"].isdecimal() and len(said["kept"]) < 4:
        return When(kept=int(said["kept"]))
    value = "" if said["operator"] in {"exists", "absent"} else said["value"].strip()
    return When(question=said["question"], operator=said["operator"], value=value)


def _page(
    request: HttpRequest,
    place: Place,
    form: QuestionForm,
    said: Said,
    *,
    wrong: dict[int, str] | None = None,
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "card": place.card,
        "line": place.line,
        "form": form,
        "rows": _shown(place, said.whens, wrong or {}),
        "may_wait": bool(place.earlier),
        "hidden": hidden_of(place.item, place.lines),
        "seen": seen(line_of(place.card.body, place.line.key)) if place.line else "",
        "asked": shown(body=_alone(place, said), typed={}),
        "wrong": wrong,
        "stale": stale,
        "action": request.path,
    }
    response = render(request, "records/questionnaires/question.html", context, status=status)
    response.headers["Vary"] = "HX-Request"
    return response


def _shown(place: Place, rows: Sequence[When], wrong: dict[int, str]) -> list[object]:
    return [row_shown(row, wrong.get(n, ""), place.lines, place.earlier) for n, row in enumerate(rows)]


def _alone(place: Place, said: Said) -> Json:
    """A questionnaire of this question alone, as it would be."""
    item, _wrong = changed(place.item, said, place.lines)
    own = {name: value for name, value in item.items() if name not in {"enableWhen", "enableBehavior"}}
    return {"resourceType": "Questionnaire", "status": "draft", "item": [own]}
