"""What the pages of this room have in common: whose account, where to go next, the cookie, refusals."""

import json
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from teleward.access.grants import Subject, whoever
from teleward.access.operations.sessions import COOKIE, BegunSession
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

LARGEST_ANSWER = 16_384  # bytes of a browser's WebAuthn answer


def myself(request: HttpRequest, **_url: object) -> Subject:
    """Whoever asks, as the subject of their own account."""
    actor = whoever(request)
    return Subject(kind="Person", id=actor.id, organisation=actor.organisation)


def my_practice(request: HttpRequest, **_url: object) -> Subject:
    """The practice of whoever asks."""
    actor = whoever(request)
    return Subject(kind="Organisation", id=actor.organisation, organisation=actor.organisation)


def next_of(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is here; else the start page."""
    return here_or_home(request.POST.get("next") or request.GET.get("next") or "/")


def here_or_home(wanted: str) -> str:
    """The address if it is one of ours, else the start page."""
    is_here = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_here else "/"


def answer_in(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises BadRequest."""
    if len(request.body) > LARGEST_ANSWER:
        raise BadRequest
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as unreadable:
        raise BadRequest from unreadable
    if not isinstance(found, dict):
        raise BadRequest
    return found


def credential_in(body: dict[str, Any]) -> dict[str, Any]:
    """The credential of a passkey's answer. Raises BadRequest."""
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise BadRequest
    return credential


def text_in(body: dict[str, Any], name: str) -> str:
    """A text of the answer, empty where there is none."""
    found = body.get(name, "")
    return found if isinstance(found, str) else ""


def user_agent(request: HttpRequest) -> str:
    """What the browser says of itself."""
    return request.headers.get("User-Agent", "")


def onward(address: str) -> JsonResponse:
    """Tells a script where to go."""
    return JsonResponse({"next": address})


def with_session(response: HttpResponse, begun: BegunSession) -> HttpResponse:
    """The response, with the cookie of the session."""
    remaining = int((begun.ends_at - now()).total_seconds())
    response.set_cookie(COOKIE, begun.secret, max_age=remaining, secure=True, httponly=True, samesite="Lax")
    return response


def without_session(response: HttpResponse) -> HttpResponse:
    """The response, with the cookie taken away."""
    response.set_cookie(COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Lax")
    return response


def refused(request: HttpRequest, template: str, problem: Problem, **context: object) -> HttpResponse:
    """The form again, with the sentence that says what to do."""
    return render(request, template, {"problem": problem.message, **context}, status=problem.status)
