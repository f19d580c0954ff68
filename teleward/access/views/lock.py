"""The lock: it closes by itself and opens with one touch."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from teleward.access.actions import Action
from teleward.access.actors import ActorKind
from teleward.access.grants import Grant, SessionLocked, SignInNeeded, gate, open_because, whoever
from teleward.access.operations.lock import ask_again, unlock_by_passkey, unlock_by_password
from teleward.access.operations.proofs import NoMatch
from teleward.access.operations.sessions import lock_session
from teleward.access.operations.tries import WaitFirst
from teleward.access.queries.credentials import unlocks_with
from teleward.access.views.answers import (
    answer_in,
    credential_in,
    here_or_home,
    myself,
    next_of,
    refused,
    text_in,
    with_session,
)

CARRIED = "carried-"


@open_because("It says whether this browser is still signed in, and nothing else.")
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """A sign of life of the person before the screen; the middleware has noted it."""
    actor = whoever(request)
    if actor.kind is ActorKind.NOBODY:
        raise SignInNeeded
    if actor.locked:
        raise SessionLocked
    return HttpResponse(status=204)


@require_POST
@gate(Action.LOCK, subject=myself)
def lock(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Locks this session, because nobody was there for a while or because the person asks."""
    lock_session(grant=grant)
    if request.content_type == "application/json":
        return HttpResponse(status=204)
    return HttpResponseRedirect(next_of(request))


@require_POST
@gate(Action.UNLOCK, subject=myself)
def unlock_question(request: HttpRequest, *, grant: Grant) -> JsonResponse:
    """What the browser needs to ask for one of the person's passkeys."""
    del request
    return JsonResponse(ask_again(grant=grant))


@require_POST
@sensitive_post_parameters("password")
@gate(Action.UNLOCK, subject=myself)
def unlock(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Opens the lock: a script sends a passkey's answer or a password, a form a password only."""
    if request.content_type == "application/json":
        body = answer_in(request)
        if "credential" in body:
            begun = unlock_by_passkey(grant=grant, response=credential_in(body))
        else:
            begun = unlock_by_password(grant=grant, password=text_in(body, "password"))
        return with_session(JsonResponse({"next": here_or_home(text_in(body, "next"))}), begun)
    return _unlock_by_form(request, grant)


@require_GET
@gate(Action.UNLOCK, subject=myself)
def confirm(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The question before something weighty: is it still you? It goes on where one wanted to go."""
    return render(request, "access/confirm.html", _shown(request, grant))


def _unlock_by_form(request: HttpRequest, grant: Grant) -> HttpResponse:
    carried = {
        name.removeprefix(CARRIED): values
        for name, values in request.POST.lists()
        if name.startswith(CARRIED)
    }
    try:
        begun = unlock_by_password(grant=grant, password=request.POST.get("password", ""))
    except (NoMatch, WaitFirst) as problem:
        return refused(request, "access/confirm.html", problem, carried=carried, **_shown(request, grant))
    if carried:
        shown = {"carried": carried, "next": next_of(request)}
        return with_session(render(request, "access/go_on.html", shown), begun)
    return with_session(HttpResponseRedirect(next_of(request)), begun)


def _shown(request: HttpRequest, grant: Grant) -> dict[str, object]:
    has_passkey, has_password = unlocks_with(grant=grant)
    return {"next": next_of(request), "has_passkey": has_passkey, "has_password": has_password}
