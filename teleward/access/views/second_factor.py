"""Asks for a second factor in the same form: digits typed there count, and so does a passkey just touched."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, authorise, whoever
from teleward.access.operations.proofs import NoMatch
from teleward.access.operations.second_factor import ProofNeeded, unlock_by_code
from teleward.access.operations.sessions import BegunSession, actor_of_session
from teleward.access.operations.tries import WaitFirst
from teleward.access.signin.limits import SESSION
from teleward.access.views.answers import myself, with_session
from teleward.kernel.clock import now

View = Callable[..., HttpResponseBase]


def proved(again: View) -> Callable[[View], View]:
    """Before a form does what it does, the second factor; without it `again` shows the form as typed.

    Stands outside the gate. `again` is called with `problem`.
    """

    def around(view: View) -> View:
        @wraps(view)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the URL has it
            if request.method != "POST" or whoever(request).id is None or whoever(request).locked:
                return view(request, *args, **kwargs)
            try:
                begun = _renewed(request)
            except (NoMatch, WaitFirst, ProofNeeded) as problem:
                return again(request, *args, problem=problem, **kwargs)
            response = view(request, *args, **kwargs)
            return with_session(response, begun) if begun and isinstance(response, HttpResponse) else response

        return asking

    return around


def _renewed(request: HttpRequest) -> BegunSession | None:
    """The session renewed by typed digits, or None where a proof is fresh. Raises ProofNeeded."""
    digits = request.POST.get("digits", "").strip()
    if not digits:
        proved_at = whoever(request).authenticated_at
        if proved_at is None or now() - proved_at > SESSION.fresh:
            raise ProofNeeded
        return None
    grant = authorise(
        actor=whoever(request),
        action=Action.UNLOCK,
        subject=myself(request),
        circumstances=Circumstances.of(request),
    )
    begun = unlock_by_code(grant=grant, code=digits)
    request.actor = actor_of_session(secret=begun.secret)  # type: ignore[attr-defined]  # as the middleware does
    return begun
