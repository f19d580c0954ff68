"""The way to a text message: an interface, and one that sends nothing and says so."""

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem

logger = logging.getLogger(__name__)


class NoTextMessages(Problem):
    """No gateway is set up."""

    code = "consult:no-sms"
    status = 409
    message = _("Text messages are not set up here. Send an e-mail, or copy the link.")


class Gateway(Protocol):
    """Whoever delivers text messages."""

    delivers: bool

    def send(self, *, number: str, text: str) -> None:
        """Hands one message over. Raises OSError when that fails; the job then tries again."""


class NullGateway:
    """Delivers nothing, warns each time, and names neither number nor text."""

    delivers = False

    def send(self, *, number: str, text: str) -> None:  # noqa: ARG002 - the interface's
        """Warns."""
        logger.warning("No SMS gateway is set up (TELEWARD_SMS_GATEWAY): a text message was not sent.")


def gateway() -> Gateway:
    """The gateway of this installation."""
    made: Gateway = import_string(settings.SMS_GATEWAY)()
    return made
