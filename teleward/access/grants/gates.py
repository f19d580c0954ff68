"""The gate of pages: a view stands behind it, or says why it need not."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from teleward.access.actions import Action, Purpose
from teleward.access.actors import NOBODY, Actor
from teleward.access.subjects import Subject
from teleward.kernel.errors import NotFound

from .decision import authorise
from .proof import Circumstances

View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD"})


def gate(
    action: Action,
    *,
    subject: Callable[..., Subject],
    reading: Action | None = None,
    purpose: Purpose | None = None,
    who: Callable[[HttpRequest], Actor] | None = None,
) -> Callable[[View], View]:
    """Puts a view behind the gate.

    `subject(request, **arguments of the URL)` names what is asked about; the view is called with `grant`.
    Where `reading` is given, a request that only looks (GET, HEAD) asks for that action instead: opening a
    form is not yet doing what the form does.
    """
    asking = who or whoever

    def behind(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the URL has it
            about, missing = _about(request, subject, kwargs)
            request.about = about  # type: ignore[attr-defined]  # the frame of the page shows an emergency access
            grant = authorise(
                actor=asking(request),
                action=reading if reading and request.method in SAFE else action,
                subject=about,
                circumstances=Circumstances.of(request),
                purpose=purpose,
            )
            if missing is not None:
                raise missing
            return view(request, *args, grant=grant, **kwargs)

        gated.read_by = reading or action  # type: ignore[attr-defined]  # the law over all URLs reads it
        gated.gated_by = action  # type: ignore[attr-defined]  # the law over all URLs reads it
        return gated

    return behind


def _about(
    request: HttpRequest, subject: Callable[..., Subject], address: Mapping[str, object]
) -> tuple[Subject, NotFound | None]:
    """What is asked about. What is not there is asked about like what is somebody else's: nobody can tell."""
    try:
        return subject(request, **address), None
    except NotFound as missing:
        asked = next((value for value in address.values() if isinstance(value, UUID)), None)
        if "person" in address:
            return Subject(kind="Person", id=asked), missing
        return Subject(kind="Patient", id=asked, patient=asked), missing


def open_because(reason: str) -> Callable[[View], View]:
    """Says why a view needs no gate: it shows nobody's data."""

    def behind(view: View) -> View:
        view.open_because = reason  # type: ignore[attr-defined]  # the law over all URLs reads it
        return view

    return behind


def whoever(request: HttpRequest) -> Actor:
    """Who is signed in, as the middleware found out from the session cookie."""
    return getattr(request, "actor", NOBODY)


def guest(request: HttpRequest) -> Actor:
    """Who holds the visit cookie, as the middleware found out."""
    return getattr(request, "visitor", NOBODY)
