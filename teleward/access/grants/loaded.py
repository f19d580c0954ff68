"""A form is sent for whom it was loaded: what is written beside a call must not land in another chart."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem

from .proof import Grant

FIELD = "loaded_for"
SAFE = frozenset({"GET", "HEAD"})
View = Callable[..., HttpResponseBase]


class LoadedForSomebodyElse(Problem):
    """The form does not say that it was loaded for the patient whose record it would change."""

    code = "access:loaded-for-another"
    status = 409
    message = _("This form was opened for another patient, so nothing was saved. Open this patient anew.")


def loaded_for_them(view: View) -> View:
    """Stands inside the gate of a view that writes; its forms include `access/loaded_for.html`."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, grant: Grant, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the URL has it
        if request.method not in SAFE and request.POST.get(FIELD) != str(grant.subject.patient):
            raise LoadedForSomebodyElse
        return view(request, *args, grant=grant, **kwargs)

    return checked
