"""The pages on which somebody signs in or out."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, gate, open_because, whoever
from teleward.access.operations.one_time_links import LinkOver, link_is_good, sign_in_by_link
from teleward.access.operations.proofs import NoMatch
from teleward.access.operations.sessions import end_session
from teleward.access.operations.signin import (
    StepTooOld,
    ask_for_passkey,
    check_password,
    sign_in_by_code,
    sign_in_by_passkey,
)
from teleward.access.operations.tries import WaitFirst
from teleward.access.queries.people import only_organisation
from teleward.access.signin.limits import LINK
from teleward.access.views.answers import (
    answer_in,
    credential_in,
    here_or_home,
    myself,
    next_of,
    onward,
    refused,
    text_in,
    user_agent,
    with_session,
    without_session,
)

STEP_COOKIE = "__Host-step"
WAY_IN = "People sign in here: nothing of anybody is shown, and each try is in the ledger."


@open_because(WAY_IN)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey, or e-mail address and password."""
    shown = {"next": next_of(request), "email": request.POST.get("email", "")[:254], "house": _house()}
    if request.method != "POST":
        return render(request, "access/sign_in.html", shown)
    try:
        step = check_password(
            email=shown["email"],
            password=request.POST.get("password", ""),
            circumstances=Circumstances.of(request),
        )
    except (NoMatch, WaitFirst) as problem:
        return refused(request, "access/sign_in.html", problem, **shown)
    response = HttpResponseRedirect(f"{reverse('access:code')}?{urlencode({'next': shown['next']})}")
    seconds = int(LINK.challenge.total_seconds())
    response.set_cookie(STEP_COOKIE, step, max_age=seconds, secure=True, httponly=True, samesite="Strict")
    return response


@open_because(WAY_IN)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: six digits, or a recovery code."""
    step = request.COOKIES.get(STEP_COOKIE, "")
    if not step:
        return HttpResponseRedirect(reverse("access:sign-in"))
    shown = {"next": next_of(request), "house": _house()}
    if request.method != "POST":
        return render(request, "access/code.html", shown)
    try:
        begun = sign_in_by_code(
            step=step,
            code=request.POST.get("code", "")[:64],
            circumstances=Circumstances.of(request),
            user_agent=user_agent(request),
        )
    except StepTooOld as problem:
        return refused(request, "access/sign_in.html", problem, **shown)
    except (NoMatch, WaitFirst) as problem:
        return refused(request, "access/code.html", problem, **shown)
    rotate_token(request)
    onward_to = reverse("access:change-password") if begun.is_held else shown["next"]
    response = with_session(HttpResponseRedirect(onward_to), begun)
    response.delete_cookie(STEP_COOKIE, samesite="Strict")
    response.cookies[STEP_COOKIE]["secure"] = True
    return response


@open_because(WAY_IN)
@require_POST
def passkey_question(request: HttpRequest) -> JsonResponse:
    """What the browser needs to offer its passkeys."""
    del request
    return JsonResponse(ask_for_passkey())


@open_because(WAY_IN)
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey's answer."""
    body = answer_in(request)
    begun = sign_in_by_passkey(
        response=credential_in(body), circumstances=Circumstances.of(request), user_agent=user_agent(request)
    )
    rotate_token(request)
    return with_session(onward(here_or_home(text_in(body, "next"))), begun)


@open_because("It shows a button; pressing it signs in, and that is in the ledger.")
@require_http_methods(["GET", "HEAD", "POST"])
def once(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link from the server's terminal."""
    here = Circumstances.of(request)
    if request.method != "POST":
        if not link_is_good(token=token, circumstances=here):
            raise LinkOver
        return render(request, "access/once.html", {"house": _house()})
    begun = sign_in_by_link(token=token, circumstances=here, user_agent=user_agent(request))
    rotate_token(request)
    return with_session(HttpResponseRedirect("/"), begun)


@open_because("Somebody who is not signed in any more sees the same page.")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out, also from a locked session."""
    actor, onward_to = whoever(request), reverse("access:sign-in")
    if actor.session:
        _end_own_session(request)
    if actor.method.startswith("provider"):
        onward_to += "?left=1"  # the session there goes on
    return without_session(HttpResponseRedirect(onward_to))


@gate(Action.SIGN_OUT, subject=myself)
def _end_own_session(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    del request
    if grant.actor.session:
        end_session(grant=grant, session=grant.actor.session)
    return HttpResponse(status=204)


def _house() -> str:
    """Whose door this is, where only one practice lives behind it."""
    practice = only_organisation()
    return practice.short_name if practice else ""
