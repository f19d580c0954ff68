"""The link. Looking at it claims nothing; the button does."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from teleward.access.grants import NOBODY, Action, Circumstances, Grant, authorise, open_because
from teleward.access.operations.passes import ClaimedPass, claim_pass, look_at_link
from teleward.access.queries.passes import COOKIE as VISIT_COOKIE
from teleward.access.queries.passes import (
    PassCard,
    PassExpired,
    PassRevoked,
    PassUnknown,
)
from teleward.consult.agreement import VERSION
from teleward.consult.cards import VisitCard
from teleward.consult.forms import ChoiceForm
from teleward.consult.queries.receipts import has_agreed
from teleward.consult.queries.standing import is_cancelled
from teleward.consult.queries.subjects import visit_subject
from teleward.consult.queries.visits import visit as the_visit
from teleward.consult.views.preparation import keep, page_context
from teleward.consult.views.room import GUEST_ROOM, guest_page
from teleward.kernel.errors import Problem

UNPROCESSABLE = 422


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A link that leads somewhere, and under which grant it was looked at."""

    card: PassCard
    visit: VisitCard
    token: str
    grant: Grant

    @property
    def is_patients(self) -> bool:
        """Whether it is the patient's own link, not a third person's."""
        return self.card.role == "patient"


@require_http_methods(["GET", "HEAD", "POST"])
@open_because(
    "the link's secret is the key: a wrong one shows nothing; each look and each claim asks the gate inside"
)
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What will happen, with whom, how it is protected; and the choice how to talk."""
    try:
        card = look_at_link(token=token, circumstances=Circumstances.of(request))
    except (PassUnknown, PassExpired, PassRevoked) as problem:
        return closed(request, problem)
    speak(request, card.language)
    grant = _look(request, card)
    link = Opened(card=card, visit=the_visit(grant=grant), token=token, grant=grant)
    if not link.visit.is_open:
        return _over(request, link)
    return _claim(request, link) if request.method == "POST" else _show(request, link)


def closed(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The page for a link that opens nothing, with what to do; a visit that was called off is said to be."""
    if isinstance(problem, PassRevoked) and problem.visit and is_cancelled(visit=problem.visit):
        return render(request, "consult/over.html", {"visit": {"state": "cancelled"}}, status=problem.status)
    name = problem.code.removeprefix("access:pass-")
    return render(
        request, "consult/link_closed.html", {"why": name, "problem": problem}, status=problem.status
    )


def speak(request: HttpRequest, language: str) -> None:
    """The page speaks the invitation's language, unless the visitor has chosen one here."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _look(request: HttpRequest, card: PassCard) -> Grant:
    return authorise(
        actor=NOBODY,
        action=Action.VISIT_CLAIM,
        subject=visit_subject(visit=card.visit),
        circumstances=Circumstances.of(request),
        detail={"pass": str(card.id), "step": "opened" if request.method == "POST" else "looked"},
    )


def _show(request: HttpRequest, link: Opened, form: ChoiceForm | None = None) -> HttpResponse:
    context = page_context(request, link.grant, link.visit, form=form, is_patient=link.is_patients)
    context |= {"guest": link.card, "action": f"/join/{link.token}/", "first": True}
    return render(request, "consult/join.html", context, status=UNPROCESSABLE if form else 200)


def _claim(request: HttpRequest, link: Opened) -> HttpResponse:
    if not link.is_patients:
        return _enter(request, link, claim_pass(grant=link.grant, token=link.token))
    asks = not has_agreed(grant=link.grant, version=VERSION)
    form = ChoiceForm(request.POST, modes=link.visit.modes, asks=asks)
    if not form.is_valid():
        return _show(request, link, form)
    claimed = claim_pass(grant=link.grant, token=link.token)
    keep(request, claimed.actor, link.grant.subject, form, asks=asks)
    if form.cleaned_data["mode"] == "phone":
        return _remembered(request, claimed, to_the_room())
    return _enter(request, link, claimed)


def _over(request: HttpRequest, link: Opened) -> HttpResponse:
    """After the visit the link still leads the patient to the receipt, for a day."""
    if request.method == "POST" and link.is_patients and link.visit.state == "ended":
        return _remembered(request, claim_pass(grant=link.grant, token=link.token), to_the_room())
    receipt_at = f"/join/{link.token}/" if link.is_patients else ""
    return render(request, "consult/over.html", {"visit": link.visit, "receipt_at": receipt_at}, status=200)


def to_the_room() -> HttpResponse:
    """Asks the browser to come again without the link: where the answer is no page of the call."""
    return HttpResponseRedirect(GUEST_ROOM, status=303)


def _enter(request: HttpRequest, link: Opened, claimed: ClaimedPass) -> HttpResponse:
    """The page of the call itself: on a slow line a second request would be half a second of waiting."""
    grant = authorise(
        actor=claimed.actor,
        action=Action.VISIT_JOIN,
        subject=link.grant.subject,
        circumstances=Circumstances.of(request),
    )
    return _remembered(request, claimed, guest_page(request, grant=grant))


def _remembered(request: HttpRequest, claimed: ClaimedPass, response: HttpResponse) -> HttpResponse:
    """The response, with which this device holds the pass from now on."""
    response.set_cookie(
        VISIT_COOKIE,
        claimed.cookie,
        expires=claimed.expires_at,
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        spoken = translation.get_language() or "en"
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, spoken, secure=True, httponly=True, samesite="Lax")
    return response
