"""The answers of the gate that are not a grant."""

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class Refused(Problem):
    """The policies do not allow it. The refusal is in the ledger."""

    code = "access:refused"
    status = 403
    message = _(
        "You may not open this. The attempt was written down. "
        "If you think you should be able to open it, ask your practice."
    )


class SignInNeeded(Problem):
    """Nobody is signed in, and this is not open to everybody."""

    code = "access:sign-in-needed"
    status = 401
    message = _("Please sign in first.")


class SessionLocked(Problem):
    """The session was idle for too long; one touch unlocks it."""

    code = "access:locked"
    status = 401
    message = _("You were away for a while. Unlock to go on where you were.")


class NotCovered(Problem):
    """An operation was handed a grant for something else. A mistake in the program, never shown as data."""

    code = "access:not-covered"
    status = 500
    message = _("This step was stopped by a safety check. Nothing was changed. Please tell your practice.")
