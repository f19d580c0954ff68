"""The calendar a clinician subscribes to: its page under “My sign-in”, and the address itself."""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import Action, Circumstances, Grant, Subject, freshly, gate, open_because, whoever
from teleward.access.queries.people import organisation
from teleward.consult.calendar_file import feed_file
from teleward.consult.operations.feeds import end_feed, make_feed, open_feed
from teleward.consult.queries.feeds import busy, feed_at, own_feed
from teleward.kernel.errors import NotFound

HOLD = frozenset({"physician", "nurse"})


def myself(request: HttpRequest, **_address: object) -> Subject:
    """Whoever is signed in."""
    who = whoever(request)
    return Subject(kind="Person", id=who.id, organisation=who.organisation, patient=who.patient)


@require_safe
@gate(Action.CREDENTIAL_READ, subject=myself)
def calendar(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Whether there is one, and when it was last read."""
    _must_hold(grant)
    return render(request, "consult/feed.html", {"feed": own_feed(grant=grant)})


@freshly
@require_POST
@gate(Action.CREDENTIAL_CHANGE, subject=myself)
def making(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A new address, shown once."""
    _must_hold(grant)
    address = f"{settings.ORIGIN}/calendars/{make_feed(grant=grant)}/busy.ics"
    return render(request, "consult/feed.html", {"feed": own_feed(grant=grant), "address": address})


@require_POST
@gate(Action.CREDENTIAL_CHANGE, subject=myself)
def ending(_request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The address opens nothing any more."""
    _must_hold(grant)
    end_feed(grant=grant)
    return HttpResponseRedirect("/account/calendar/")


@require_safe
@open_because(
    "the secret in the address is the key: a wrong one shows nothing; each look asks the gate inside"
)
def file(request: HttpRequest, token: str) -> HttpResponse:
    """When the clinician is busy, for a calendar program; nothing where it has not changed."""
    feed = feed_at(token=token)
    grant = open_feed(feed=feed, circumstances=Circumstances.of(request))
    with translation.override(organisation(organisation_id=feed.organisation).language):
        content = feed_file(entries=busy(grant=grant, feed=feed), host=settings.ALLOWED_HOSTS[0])
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        response = HttpResponseNotModified()
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _must_hold(grant: Grant) -> None:
    if not grant.actor.roles & HOLD:
        raise NotFound
