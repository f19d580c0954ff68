"""Letters by e-mail, where a mail server is named. Where none is, nobody is told that a letter was sent."""

import logging

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem

logger = logging.getLogger(__name__)


class NoMail(Problem):
    """No mail server is named."""

    code = "kernel:no-mail"
    status = 409
    message = _("E-mail is not set up here. Have the link shown to you and pass it on yourself.")


def mail_is_set_up() -> bool:
    """Whether letters leave this installation."""
    return bool(settings.EMAIL_HOST)


def mail_is_sent() -> bool:
    """The same, asked where a letter is about to be written: if none is sent, one line in the log says so."""
    if not mail_is_set_up():
        logger.warning("No mail server is named (TELEWARD_MAIL_URL): a letter was not sent.")
    return mail_is_set_up()
