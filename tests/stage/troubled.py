"""The URL map with addresses that go wrong on purpose, beside all the real ones."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from teleward.access.grants import SessionLocked, SignInNeeded
from teleward.kernel.errors import Problem
from teleward.web import urls

PERSONAL = "Marta Wieczorek"


class Busy(Problem):
    code = "web:busy"
    status = 429
    message = "Please wait a minute."


class Broken(Exception):
    """Says something personal, as a database's errors do."""


TROUBLES: dict[str, Exception] = {
    "400": SuspiciousOperation(PERSONAL),
    "401": SignInNeeded(),
    "403": PermissionDenied(PERSONAL),
    "413": RequestDataTooBig(PERSONAL),
    "429": Busy(),
    "500": Broken(f"Key (name)=({PERSONAL}) already exists."),
    "locked": SessionLocked(),
}


def trouble(_request: HttpRequest, kind: str) -> HttpResponse:
    raise TROUBLES[kind]


urlpatterns = [*urls.urlpatterns, path("trouble/<str:kind>/", trouble)]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
