"""What happens to every request: an id, safety headers, a plain answer to trouble, and who asks."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from teleward.access.grants import NOBODY, Actor, ActorKind
from teleward.access.operations.browsers import is_managed
from teleward.access.operations.sessions import COOKIE as SESSION_COOKIE
from teleward.access.operations.sessions import actor_of_session
from teleward.access.queries.browsers import COOKIE as DEVICE_COOKIE
from teleward.access.queries.passes import COOKIE as VISIT_COOKIE
from teleward.access.queries.passes import actor_of_pass
from teleward.access.queries.people import OrganisationCard, organisation
from teleward.kernel.fence import serving
from teleward.kernel.ids import request_id_of
from teleward.web.problems import answer, response_to, trouble_of_status
from teleward.web.safety import data_headers, part_headers, safety_headers

Responder = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Each request has an id: the caller's if it is one, else a new one. The answer repeats it."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_of(request.headers.get("X-Request-Id", ""))
        request.request_id = request_id  # type: ignore[attr-defined]  # the gate and the pages read it
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response


class FenceMiddleware:
    """No row of a practice is there before a grant says which, and none after the answer."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with serving():
            return self.get_response(request)


class SafetyHeadersMiddleware:
    """Every response says what the browser is to refuse, and that nothing is to be kept."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _safety(request, response).items():
            response.headers[name] = value
        if getattr(
            request, "is_apart", False
        ):  # a file that somebody brought: it runs nothing, loads nothing
            response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _safety(request: HttpRequest, response: HttpResponseBase) -> dict[str, str]:
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return data_headers()
    return part_headers() if request.headers.get("HX-Request") == "true" else safety_headers(request)


class ProblemMiddleware:
    """Trouble becomes a page, a fragment or JSON that says what to do, and nothing about anybody."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _says_nothing(response):
            return response_to(request, trouble_of_status(response.status_code))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        """The answer to an exception that a view raised."""
        return answer(request, exception)


class ActorMiddleware:
    """`request.actor` is who is signed in, `request.visitor` whose visit cookie it is; or nobody."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        secret = request.COOKIES.get(SESSION_COOKIE, "")
        somebody = request.headers.get("X-Poll") != "1"  # else the page renews itself
        actor = actor_of_session(secret=secret, is_sign=somebody) if secret else NOBODY
        request.actor = _on_this_browser(request, actor)  # type: ignore[attr-defined]  # as above
        visit = request.COOKIES.get(VISIT_COOKIE, "")
        request.visitor = actor_of_pass(cookie=visit) if visit else NOBODY  # type: ignore[attr-defined]  # as above
        return self.get_response(request)


def _on_this_browser(request: HttpRequest, actor: Actor) -> Actor:
    """The actor, with word of whether the practice looks after the browser they sit at."""
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    if not device or actor.kind is not ActorKind.STAFF or actor.organisation is None:
        return actor
    return replace(actor, managed=is_managed(secret=device, organisation=actor.organisation))


class LocalTimeMiddleware:
    """Times are those of the practice's clock, for whoever belongs to one; `request.house` is its name."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        here = request.actor.organisation or request.visitor.organisation  # type: ignore[attr-defined]  # from above
        door = _door(here) if here else None
        request.house = door.short_name if door else ""  # type: ignore[attr-defined]  # the pages read it
        with timezone.override(door.time_zone if door else None):
            return self.get_response(request)


@lru_cache(maxsize=64)
def _door(practice: UUID) -> OrganisationCard:
    return organisation(organisation_id=practice)


def _says_nothing(response: HttpResponseBase) -> bool:
    """Whether it is an error without words, as `require_POST` answers."""
    return response.status_code >= 400 and not response.streaming and not getattr(response, "content", b"")
