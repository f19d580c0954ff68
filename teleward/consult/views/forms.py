"""Questionnaires: the patient answers before the call, the host sends them and reads the answers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.access.grants.loaded import loaded_for_them
from teleward.consult.operations.forms import hand_in, keep_typed, send_form
from teleward.consult.queries.forms import FormCard, Typed, form_of_visit, forms_of_visit, typed_so_far
from teleward.consult.views.asking import as_id, own_visit, that_visit
from teleward.consult.views.fragments import fragment
from teleward.kernel.errors import NotFound
from teleward.records.queries.questionnaires import Form, questionnaires, with_more
from teleward.records.queries.questionnaires import form as worked_out

UNPROCESSABLE, SEE_OTHER = 422, 303
GET_POST = ["GET", "HEAD", "POST"]
OURS = frozenset({"csrfmiddlewaretoken", "do", "more", "shown"})  # fields that are no answers


@require_safe
@gate(Action.VISIT_PREPARE, subject=own_visit, who=guest)
def guest_forms(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """What the practice would like to know before the call."""
    _must_be_patient(grant)
    return render(request, "consult/forms.html", {"forms": forms_of_visit(grant=grant)})


@require_http_methods(GET_POST)
@gate(Action.VISIT_PREPARE, subject=own_visit, who=guest)
def guest_form(request: HttpRequest, *, grant: Grant, form: UUID) -> HttpResponse:
    """One questionnaire. What is typed is kept at each step; questions appear as the answers ask for them."""
    _must_be_patient(grant)
    about = form_of_visit(grant=grant, form=form)
    if about.answered_at is not None:
        return render(request, "consult/form_done.html", {"form": about})
    if request.method != "POST":
        return _page(request, about, typed_so_far(grant=grant, form=form))
    return _sent(request, grant, about)


@require_http_methods(GET_POST)
@gate(Action.RECORD_WRITE, reading=Action.RECORD_READ, subject=that_visit)
@loaded_for_them
def visit_forms(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The host's sheet: what was sent, what was answered, and sending one more."""
    chosen = as_id(request.POST.get("questionnaire"))
    if request.method == "POST" and chosen is not None:
        send_form(grant=grant, named=chosen)
    sent = forms_of_visit(grant=grant)
    gone = {each.card.id for each in sent}
    offered = [q for q in questionnaires(practice=grant.organisation) if q.is_offered and q.id not in gone]
    context = {"forms": sent, "offered": offered, "visit": visit, "saved": chosen is not None}
    return fragment(request, "consult/sheets/forms.html", context, grant=grant, title=_("Questionnaires"))


def _sent(request: HttpRequest, grant: Grant, about: FormCard) -> HttpResponse:
    typed = _typed(request)
    if request.POST.get("do") == "hand-in" and _saw_everything(request, about, typed):
        if hand_in(grant=grant, form=about.id, typed=typed):
            return HttpResponseRedirect(f"/visit/questions/{about.id}/", status=SEE_OTHER)
        return _page(request, about, typed, handed_in=True)
    keep_typed(grant=grant, form=about.id, typed=typed)
    return _page(request, about, typed, more=request.POST.get("do") == "hand-in")


def _typed(request: HttpRequest) -> Typed:
    """What was typed, with one more of what was asked for."""
    typed = {name: values for name, values in request.POST.lists() if name not in OURS}
    return with_more(typed=typed, wanted=request.POST.get("more", ""))


def _saw_everything(request: HttpRequest, about: FormCard, typed: Typed) -> bool:
    """Whether every question that is asked now was on the page that was sent."""
    seen = set(request.POST.get("shown", "").split())
    return set(worked_out(card=about.card, typed=typed).shown) <= seen


def _page(
    request: HttpRequest, about: FormCard, typed: Typed, *, handed_in: bool = False, more: bool = False
) -> HttpResponse:
    asked: Form = worked_out(card=about.card, typed=typed, handed_in=handed_in)
    context = {"form": about, "asked": asked, "handed_in": handed_in, "more": more}
    context["shown"] = " ".join(asked.shown)
    part = "consult/form_part.html" if request.headers.get("HX-Request") else "consult/form.html"
    response = render(request, part, context, status=UNPROCESSABLE if handed_in else 200)
    response.headers["Vary"] = "HX-Request"
    return response


def _must_be_patient(grant: Grant) -> None:
    if "patient" not in grant.actor.roles:
        raise NotFound
