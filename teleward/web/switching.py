"""Whoever is in a call with one patient is asked before a page about another one opens."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from teleward.access.grants import ActorKind, whoever
from teleward.consult.queries.live_calls import must_ask

SAFE = frozenset({"GET", "HEAD"})


class SwitchingMiddleware:
    """Looks at every address with a patient or a visit; a part that a script fetches belongs to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponseBase],
        _args: tuple[object, ...],
        address: Mapping[str, Any],
    ) -> HttpResponse | None:
        """The page that asks, or None to go on."""
        host, about = whoever(request), (_id(address, "patient"), _id(address, "visit"))
        if host.kind is not ActorKind.STAFF or host.id is None or about == (None, None):
            return None
        if request.method not in SAFE or request.headers.get("HX-Request"):
            return None
        asked = must_ask(host=host.id, patient=about[0], visit=about[1])
        if asked is None:
            return None
        visit, other = asked
        here = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"/visits/{visit}/aside/{other}/?{here}")


def _id(address: Mapping[str, Any], name: str) -> UUID | None:
    found = address.get(name)
    return found if isinstance(found, UUID) else None
