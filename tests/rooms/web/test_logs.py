"""What a log line does not say."""

import io
import logging
import logging.config
from copy import deepcopy
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings

ADDRESS = "ayse.demir@example.org"


def test_a_letter_that_could_not_be_sent_does_not_put_its_address_into_the_log() -> None:
    written = io.StringIO()
    told: dict[str, Any] = deepcopy(settings.LOGGING)
    told["handlers"]["console"]["stream"] = written
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logging.config.dictConfig(told)
    try:
        _fail_to_send()
    except SMTPRecipientsRefused:
        logging.getLogger("procrastinate.worker").exception("Job %s ended", "consult.send_invitation")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    line = written.getvalue()
    assert "Job consult.send_invitation ended SMTPRecipientsRefused at _fail_to_send" in line
    assert ADDRESS not in line


def _fail_to_send() -> None:
    raise SMTPRecipientsRefused({ADDRESS: (550, b"nobody of that name")})
