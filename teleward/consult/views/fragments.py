"""A part of a page: by itself when a script asks, in a page of its own when a person opens it."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from teleward.access.grants import Grant
from teleward.access.queries.bars import bar


def fragment(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    grant: Grant,
    title: str | Promise,
    status: int = 200,
) -> HttpResponse:
    """Renders the part. Alone it has its title, and the bar that says who the patient is."""
    if request.headers.get("HX-Request"):
        response = render(request, template, dict(context), status=status)
    else:
        alone = {**context, "part": template, "title": title, "who": bar(grant=grant)}
        response = render(request, "consult/alone.html", alone, status=status)
    response.headers["Vary"] = "HX-Request"
    return response
