"""What the server answers to a message it does not take. Each ends nothing but, at most, the sender."""

import logging
import traceback

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem

_log = logging.getLogger(__name__)


class Malformed(Problem):
    """Not JSON, a field missing, unknown or of the wrong kind."""

    code = "live:malformed"
    status = 400
    message = _("The message could not be understood. Reload the page.")


class TooLarge(Problem):
    """More bytes than a message or its body may have."""

    code = "live:too-large"
    status = 413
    message = _("The message is too large. Send it in smaller parts.")


class UnknownType(Problem):
    """A `type` that teleward-live/1 does not have."""

    code = "live:unknown-type"
    status = 400
    message = _("The message is of a kind that is not known here. Reload the page.")


class OutOfOrder(Problem):
    """The message came before what has to precede it, or after what ends it."""

    code = "live:out-of-order"
    status = 409
    message = _("The message came at the wrong moment. Reload the page.")


class Replayed(Problem):
    """An id that is not higher than the last one to the same peer."""

    code = "live:replayed"
    status = 409
    message = _("The message was sent before and is not passed on again. You need not do anything.")


class TooFast(Problem):
    """More messages or bytes in a second than are allowed."""

    code = "live:too-fast"
    status = 429
    message = _("Too many messages came at once. Wait a moment.")


class NotAdmitted(Problem):
    """The sender has no seat in the room."""

    code = "live:not-admitted"
    status = 403
    message = _("Please wait until you are let in.")


class NotAllowed(Problem):
    """The sender may not do this, or not be here."""

    code = "live:not-allowed"
    status = 403
    message = _("You may not do this here. Ask the practice if you think you should.")


class NoSuchPeer(Problem):
    """Nobody with this id is in the room or the lobby."""

    code = "live:no-such-peer"
    status = 404
    message = _("This person is not here. Look at the list again.")


class Full(Problem):
    """Every seat is taken, or too many connections are open."""

    code = "live:full"
    status = 409
    message = _("All seats are taken. Somebody has to leave first.")


class Gone(Problem):
    """The peer was away too long, too much is waiting for it, or the visit is over."""

    code = "live:gone"
    status = 410
    message = _("This person is away. The call goes on when they are back.")


class Failed(Problem):
    """Something went wrong on the server; the log knows where, never what was said."""

    code = "live:failed"
    status = 500
    message = _("That did not work. Try again in a moment.")


def log_without_content(error: Exception) -> None:
    """Log where it went wrong, never what was said: the text of an error may quote a message or a row."""
    _log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
