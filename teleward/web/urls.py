"""The map of all addresses. Each room brings its own."""

import sys

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from teleward.web import pages
from teleward.web.problems import answer

urlpatterns = [
    path("", pages.home, name="home"),
    path("protection/", pages.protection, name="protection"),
    path("protection/modules.json", pages.modules, name="modules"),
    path("terms/", pages.terms, name="terms"),
    path("language/", pages.language, name="language"),
    path("design/", pages.design, name="design"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
    path("", include("teleward.access.urls")),
    path("", include("teleward.records.urls")),
    path("", include("teleward.consult.urls")),
    path("", include("teleward.devices.urls")),
    path("", include("teleward.trust.urls")),
    path("", include("teleward.watch.urls")),
]


def _handler(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, exception)


def _handler_of_the_unforeseen(request: HttpRequest) -> HttpResponse:
    return answer(request, sys.exception() or RuntimeError())


handler400 = handler403 = handler404 = _handler
handler500 = _handler_of_the_unforeseen
