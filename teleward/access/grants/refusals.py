"""The answers of the gate that are not a grant."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teleward.access.subjects import Subject
from teleward.kernel.errors import Problem


class Refused(Problem):
    """The policies do not allow it. The refusal is in the ledger."""

    code = "access:refused"
    status = 403
    message = _(
        "You may not open this. The attempt was written down. "
        "If you think you should be able to open it, ask your practice."
    )


class OwnRecord(Refused):
    """The record is the actor's own, or their family's: not through the staff's pages."""

    code = "access:own-record"
    message = _(
        "This is your own record or that of your family. "
        "Please open it as a patient, on the page that belongs to the person. The attempt was written down."
    )


class PasswordStolen(Refused):
    """The password turned out to be known to guessers; it is changed first."""

    code = "access:password-stolen"
    message = _(
        "Your password stands on a list of stolen passwords. "
        "Please choose a new one on the page “My sign-in”; then everything is open again."
    )


class ProofTooWeak(Refused):
    """What they signed in with is not enough for this."""

    code = "access:proof-too-weak"
    message = _(
        "For this you need a passkey, because it cannot be borrowed by a false page. "
        "Sign in with your passkey, or add one on the page “My sign-in”, and try again."
    )


class AccountTooNew(Refused):
    """The account was opened a short while ago: what takes data along or lets others in waits."""

    code = "access:account-too-new"
    message = _(
        "Your account is new. For the first three days nothing can be downloaded and nobody else let in, "
        "so that you hear of it first if somebody else opened it."
    )

    def __init__(self, until: datetime) -> None:
        when = date_format(localtime(until), gettext("j F Y, H:i"))
        super().__init__(
            gettext(
                "Your account is new. Until %(when)s nothing can be downloaded and nobody else let in, "
                "so that you hear of it first if somebody else opened it. Please come back then."
            )
            % {"when": when}
        )


class TieNeeded(Refused):
    """Nothing ties the actor to the patient now, and there is a way to go on: `subject` says to whom."""

    code = "access:tie-needed"

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject


class ReasonNeeded(TieNeeded):
    """One line of reason opens it."""

    code = "access:reason-needed"
    message = _("We found no appointment or task that ties you to this patient. Please say in one line why.")


class GlassNeeded(TieNeeded):
    """Only an emergency access opens it."""

    code = "access:glass-needed"
    message = _(
        "Nothing ties you to this patient now. In an emergency you can open the record; "
        "the patient and the privacy officer will see it."
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
