"""Before something weighty the person proves once more that it is them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teleward.access.signin.limits import SESSION
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

from .gates import whoever


class ConfirmNeeded(Problem):
    """The last proof is more than five minutes old."""

    code = "access:confirm-needed"
    status = 401
    message = _("Please confirm first that it is you.")


def freshly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Asks for a new proof first, unless the last is younger than five minutes. Stands outside the gate.

    What was typed goes along and is sent by itself once the proof is given.
    """

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the URL has it
        proved_at = whoever(request).authenticated_at
        if proved_at is None or now() - proved_at <= SESSION.fresh or whoever(request).locked:
            return view(request, *args, **kwargs)
        return _asked_first(request)

    return confirmed


def _asked_first(request: HttpRequest) -> HttpResponse:
    if request.content_type == "application/json":
        raise ConfirmNeeded
    if request.method != "POST":
        return HttpResponseRedirect(f"{reverse('access:confirm')}?{urlencode({'next': request.path})}")
    response = render(request, "access/once_more.html", status=ConfirmNeeded.status)
    response.headers["X-Problem"] = ConfirmNeeded.code
    return response
