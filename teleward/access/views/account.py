"""“My sign-in”: the ways in, and where one is signed in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, gate
from teleward.access.operations.sessions import end_other_sessions, end_session
from teleward.access.queries.credentials import ways_in
from teleward.access.queries.sessions import sessions_of
from teleward.access.views.answers import myself, without_session


@require_GET
@gate(Action.CREDENTIAL_READ, subject=myself)
def account(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Passkeys, password, codes and signed-in browsers."""
    shown = {"ways": ways_in(grant=grant), "sessions": sessions_of(grant=grant)}
    return render(request, "access/account.html", shown)


@require_POST
@gate(Action.SESSION_REVOKE, subject=myself)
def end_one(request: HttpRequest, session: UUID, *, grant: Grant) -> HttpResponse:
    """Signs one browser out."""
    del request
    end_session(grant=grant, session=session)
    response = HttpResponseRedirect(reverse("access:account"))
    return without_session(response) if session == grant.actor.session else response


@require_POST
@gate(Action.SESSION_REVOKE, subject=myself)
def end_others(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Signs all other browsers out."""
    del request
    end_other_sessions(grant=grant)
    return HttpResponseRedirect(reverse("access:account"))
