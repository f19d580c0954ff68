"""Browsers that belong to the practice: the administrator's list, and the page on the browser itself."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, gate, open_because, whoever
from teleward.access.grants.fresh import freshly
from teleward.access.operations.browsers import (
    BrowserCodeWrong,
    LabelNeeded,
    issue_browser_code,
    mark_browser,
    revoke_browser,
)
from teleward.access.operations.tries import WaitFirst
from teleward.access.queries.browsers import COOKIE, managed_browsers
from teleward.access.views.answers import my_practice, refused, user_agent
from teleward.kernel.clock import now

trust = gate(Action.BROWSER_TRUST, subject=my_practice)


@freshly
@require_GET
@trust
def browsers(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All browsers that are marked."""
    return render(request, "access/browsers.html", {"browsers": managed_browsers(grant=grant)})


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@trust
def new(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A code for one more."""
    label = request.POST.get("label", "")[:60]
    if request.method != "POST":
        return render(request, "access/new_browser.html")
    try:
        issued = issue_browser_code(grant=grant, label=label)
    except LabelNeeded as problem:
        return refused(request, "access/new_browser.html", problem, label_typed=label)
    return render(request, "access/browser_code.html", {"issued": issued, "parts": _parts(issued.code)})


@freshly
@require_POST
@trust
def revoke(request: HttpRequest, browser: UUID, *, grant: Grant) -> HttpResponse:
    """One is the practice's no longer."""
    del request
    revoke_browser(grant=grant, browser=browser)
    return HttpResponseRedirect(reverse("access:browsers"))


@open_because(
    "A browser is marked by the administrator's code, whoever sits before it; nobody's data is shown."
)
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest) -> HttpResponse:
    """The page on which the code is typed."""
    if request.method != "POST":
        return render(request, "access/this_browser.html")
    try:
        marked = mark_browser(
            code=request.POST.get("code", "")[:32],
            user_agent=user_agent(request),
            circumstances=Circumstances.of(request),
            actor=whoever(request),
        )
    except (BrowserCodeWrong, WaitFirst) as problem:
        return refused(request, "access/this_browser.html", problem)
    response = render(request, "access/this_browser.html", {"marked": marked})
    lasts = int((marked.expires_at - now()).total_seconds())
    response.set_cookie(COOKIE, marked.secret, max_age=lasts, secure=True, httponly=True, samesite="Lax")
    return response


def _parts(code: str) -> str:
    """The digits in groups of four, as people read them out."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
