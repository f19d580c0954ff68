"""The pages between us and an identity provider: there, back, linked, unlinked, signed out."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, gate, open_because, whoever
from teleward.access.grants.fresh import freshly
from teleward.access.operations import providers
from teleward.access.operations.acceptance import accept_by_provider
from teleward.access.operations.providers import Arrival, Departure
from teleward.access.operations.signin import StepTooOld
from teleward.access.signin.limits import LINK
from teleward.access.views.answers import here_or_home, myself, next_of, user_agent, with_session
from teleward.access.views.signin import WAY_IN

COOKIE = "__Host-provider"


@open_because(WAY_IN)
@require_GET
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider, to sign in or to show anew who one is."""
    again = request.GET.get("again") == "1"
    return _away(providers.depart(slug=provider, following=next_of(request), again=again))


@open_because("The link is the invited person's own; it names nobody to the provider.")
@require_GET
def begin_invited(request: HttpRequest, token: str, provider: str) -> HttpResponse:
    """To the provider, to accept an invitation."""
    del request
    return _away(providers.depart_invited(slug=provider, token=token))


@freshly
@require_GET
@gate(Action.CREDENTIAL_CHANGE, subject=myself)
def begin_link(request: HttpRequest, provider: str, *, grant: Grant) -> HttpResponse:
    """To the provider, to link the account there with oneself here."""
    del request
    return _away(providers.depart_to_link(grant=grant, slug=provider))


@open_because(WAY_IN)
@require_GET
@sensitive_variables()
def back(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Back from the provider, with its answer in the address."""
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        raise StepTooOld
    arrival = providers.arrive(
        slug=provider, secret=secret, answer=request.GET.dict(), circumstances=Circumstances.of(request)
    )
    errands = {"sign-in": _signed_in, "link": _link, "invitation": _accepted}
    response = errands[arrival.errand](request, arrival)
    response.set_cookie(COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Lax")
    return response


@freshly
@require_POST
@gate(Action.CREDENTIAL_CHANGE, subject=myself)
def unlink(request: HttpRequest, identity: UUID, *, grant: Grant) -> HttpResponse:
    """The account there opens nothing here any more."""
    del request
    providers.unlink(grant=grant, identity=identity)
    return HttpResponseRedirect(reverse("access:account"))


@open_because("An address of the provider's own.")
@require_GET
def leave(request: HttpRequest, provider: str) -> HttpResponse:
    """To where the provider signs out."""
    del request
    return HttpResponseRedirect(providers.farewell(slug=provider) or reverse("access:sign-in"))


def _signed_in(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    begun = providers.sign_in_by_provider(
        arrival=arrival,
        circumstances=Circumstances.of(request),
        user_agent=user_agent(request),
        instead_of=whoever(request).session,
    )
    rotate_token(request)
    return with_session(HttpResponseRedirect(here_or_home(arrival.next)), begun)


@gate(Action.CREDENTIAL_CHANGE, subject=myself)
def _link(request: HttpRequest, arrival: Arrival, *, grant: Grant) -> HttpResponse:
    del request
    providers.link(grant=grant, arrival=arrival)
    return HttpResponseRedirect(reverse("access:account"))


def _accepted(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    begun = accept_by_provider(
        arrival=arrival, circumstances=Circumstances.of(request), user_agent=user_agent(request)
    )
    rotate_token(request)
    return with_session(HttpResponseRedirect(reverse("access:recovery-codes")), begun)


def _away(departure: Departure) -> HttpResponse:
    response = HttpResponseRedirect(departure.address)
    seconds = int(LINK.challenge.total_seconds())
    response.set_cookie(COOKIE, departure.secret, max_age=seconds, secure=True, httponly=True, samesite="Lax")
    return response
