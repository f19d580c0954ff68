"""A part of a page: by itself when a script asks, in a page of its own when a person opens it."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise


def fragment(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    title: str | Promise,
    status: int = 200,
) -> HttpResponse:
    """Renders the part. `title` heads the page around it where there is one."""
    if request.headers.get("HX-Request"):
        response = render(request, template, dict(context), status=status)
    else:
        alone = {**context, "part": template, "title": title}
        response = render(request, "consult/alone.html", alone, status=status)
    response.headers["Vary"] = "HX-Request"
    return response
