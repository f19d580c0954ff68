"""The one public form of whatever went wrong: a page, a fragment or JSON, with a stable code."""

import logging
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError  # a text with a zero byte in it, or one that is too long
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import GlassNeeded, ReasonNeeded, SessionLocked, TieNeeded
from teleward.kernel.errors import NotFound, Problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What a person is told: a title, one sentence that says what to do, a code that never changes."""

    code: str
    status: int
    title: str | Promise
    message: str | Promise
    patient: UUID | None = None  # whom a reason or an emergency access would open; never more than the id


PAGES = {
    SessionLocked.code: "access/locked.html",  # the page that unlocks it
    ReasonNeeded.code: "access/why.html",  # one line, and it opens
    GlassNeeded.code: "access/why_emergency.html",  # the way to an emergency access
}
TITLES: dict[int, str | Promise] = {
    400: _("That did not work"),
    401: _("Please sign in"),
    403: _("This is not open to you"),
    404: _("There is nothing here"),
    405: _("This address does not do that"),
    409: _("Something has changed in the meantime"),
    410: _("This is over"),
    413: _("That is too large"),
    429: _("A short pause, please"),
    500: _("We made a mistake"),
    503: _("We will be back in a moment"),
}
MESSAGES: dict[int, str | Promise] = {
    400: _("We could not read what was sent. Please go back, check what you entered and try again."),
    403: _("You may not open this page. If you think you should, please ask your practice."),
    404: NotFound.message,
    405: _("Please go back and use the buttons on the page."),
    413: _("What you sent is larger than we accept. Please send something smaller."),
    429: _("There were too many attempts in a short time. Please wait a minute and try again."),
    500: _("Something went wrong on our side, not on yours. Please try again in a moment."),
}
CODES = {
    400: "web:bad-request",
    403: "web:forbidden",
    404: NotFound.code,
    405: "web:method-not-allowed",
    413: "web:too-large",
    429: "web:too-many",
    500: "web:unexpected",
}
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
STATUSES: tuple[tuple[tuple[type[BaseException], ...], int], ...] = (
    ((Http404,), 404),
    ((PermissionDenied,), 403),
    (TOO_LARGE, 413),
    ((SuspiciousOperation, BadRequest, MultiPartParserError, DataError), 400),
)


def trouble_of_status(status: int) -> Trouble:
    """The trouble that an HTTP status alone tells of."""
    known = status if status in MESSAGES else 400 if status < 500 else 500
    return Trouble(code=CODES[known], status=status, title=title_of(status), message=MESSAGES[known])


def trouble_of(exception: BaseException) -> Trouble:
    """The trouble an exception means to a person. Anything unforeseen is a 500."""
    if isinstance(exception, Problem):
        status = exception.status
        patient = exception.subject.patient if isinstance(exception, TieNeeded) else None
        return Trouble(
            code=exception.code,
            status=status,
            title=title_of(status),
            message=exception.message,
            patient=patient,
        )
    for kinds, status in STATUSES:
        if isinstance(exception, kinds):
            return trouble_of_status(status)
    return trouble_of_status(500)


def title_of(status: int) -> str | Promise:
    """The title of a page with this status."""
    return TITLES.get(status) or TITLES[400 if status < 500 else 500]


def answer(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """The response to a request that ended in this exception; what was unforeseen is logged."""
    trouble = trouble_of(exception)
    if trouble.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log_unforeseen(request, exception)
    return response_to(request, trouble)


def response_to(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The trouble as JSON, as a fragment for htmx or as a page, whichever was asked for."""
    if wants_json(request):
        response: HttpResponse = JsonResponse(
            {"code": trouble.code, "message": str(trouble.message), "request": request_id(request)},
            status=trouble.status,
        )
    else:
        in_part = is_fragment(request)
        template = "web/problem-fragment.html" if in_part else page_of(trouble)
        context = {"trouble": trouble, "request_id": request_id(request)}
        response = render(request, template, context, status=trouble.status)
        if in_part:  # beside the page: what was typed stays
            response.headers["HX-Retarget"] = "#tw-problem"
            response.headers["HX-Reswap"] = "innerHTML"
    response.headers["X-Problem"] = trouble.code
    return response


def page_of(trouble: Trouble) -> str:
    """The template of a whole page: where there is a way to go on, the page that leads there."""
    return PAGES.get(trouble.code, "web/problem.html")


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller would rather read JSON than HTML."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked, which puts the answer into a page that is already there."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def request_id(request: HttpRequest) -> str:
    """The id under which the ledger and the log know this request."""
    return str(getattr(request, "request_id", ""))


def log_unforeseen(request: HttpRequest, exception: BaseException) -> None:
    """Log what broke and where. Never the message, the address or a value: they may name a person."""
    frames = traceback.extract_tb(exception.__traceback__)[-12:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    kind = type(exception)
    logger.error(
        "unforeseen %s.%s request=%s route=%s at %s",
        kind.__module__,
        kind.__qualname__,
        request_id(request),
        route_of(request),
        places,
    )


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, without what was filled in: an address may hold a token."""
    match = request.resolver_match
    return match.route if match else "none"
