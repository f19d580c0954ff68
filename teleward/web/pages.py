"""The pages of the shell: the front door, how one is protected, the terms, the language."""

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import open_because, whoever
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.web.context import home_of
from teleward.web.examples import example_form
from teleward.web.problems import answer
from teleward.web.staticfiles import call_modules, seal_modules

SECURITY_TXT = """\
Contact: {origin}/protection/#report
Expires: {expires:%Y-%m-%dT%H:%M:%SZ}
Preferred-Languages: en, de
Canonical: {origin}/.well-known/security.txt
"""
YEAR = timedelta(days=365)


class FormTooOld(Problem):
    """The form does not carry the proof that it came from our own page."""

    code = "web:form-too-old"
    status = 403
    message = _(
        "This page was open for too long, or cookies are switched off. "
        "Please go back, reload the page and try again."
    )


@require_safe
@open_because("the front door shows nobody's data; who is signed in is led to their own first page")
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the ways in."""
    first = home_of(whoever(request))
    return HttpResponseRedirect(first) if first else render(request, "web/home.html")


@require_safe
@open_because("says how everybody is protected; holds no data")
def protection(request: HttpRequest) -> HttpResponse:
    """What the verification words prove and what not, and the hashes of the program files people rest on."""
    return render(request, "web/protection.html", {"modules": call_modules(), "seal": seal_modules()})


@require_safe
@open_because("the hashes of public program files")
def modules(_request: HttpRequest) -> HttpResponse:
    """The same hashes for a machine."""
    listed = {"modules": call_modules(), "seal": seal_modules()}
    found = {name: [asdict(module) for module in modules] for name, modules in listed.items()}
    return JsonResponse(found, json_dumps_params={"indent": 1})


@require_safe
@open_because("the terms must be readable before anybody signs in")
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of use and the privacy notice, whole, in the reader's language."""
    return render(request, "web/terms.html")


@csrf_exempt  # a stranger's page could at most change the language, and the public pages need no cookie
@require_POST
@open_because("sets the language of this browser; touches no data")
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in a cookie and goes back to the page."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_own_address(request.POST.get("next", "")))
    response.status_code = 303
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
@open_because("the parts pages are made of, shown with invented examples")
def design(request: HttpRequest) -> HttpResponse:
    """Every component with its states: for people who build pages, and for the tests that look at them."""
    return render(request, "web/design.html", {"form": example_form(request), "at": now()})


@require_safe
@open_because("how to report a weakness (RFC 9116)")
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Where to report a weakness."""
    text = SECURITY_TXT.format(origin=settings.ORIGIN, expires=now() + YEAR / 2)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@open_because("tells search engines to stay away")
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_safe
@open_because("a picture")
def favicon(_request: HttpRequest) -> HttpResponse:
    """The sign of Teleward, for browsers that ask for it at its old address."""
    return HttpResponsePermanentRedirect(static("web/mark.svg"))


@open_because("answers forms that were refused")
def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The answer to a form without its proof of origin."""
    return answer(request, FormTooOld())


def _own_address(address: str) -> str:
    """The address if it lies on this site, else the front door."""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"
