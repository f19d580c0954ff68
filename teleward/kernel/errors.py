"""One kind of error that carries its meaning; the edges turn it into a page, a fragment or a message."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """Something a person can understand and act on.

    `code` is stable and public (`room:noun`), `status` the HTTP status, `message` one translated
    sentence that says what to do next. Nothing in it names a patient.
    """

    code: ClassVar[str] = "kernel:problem"
    status: ClassVar[int] = 400
    message: str | Promise = _("That did not work. Please check what you entered and try again.")

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(str(self.code))


class NotFound(Problem):
    """There is no such thing, or it is not for this person to know that there is."""

    code = "kernel:not-found"
    status = 404
    message = _("There is nothing at this address. Check the link, or go back to the start page.")
