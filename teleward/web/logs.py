"""What a log line about a request may say."""

import logging

UNKNOWN = "-"


class WithoutAddresses(logging.Filter):
    """Django names the address of each refused request; a link's token or a search would be in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the line to status, route pattern and request id; drops the traceback with its values."""
        request = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        record.msg = "%s route=%s request=%s"
        record.args = (
            getattr(record, "status_code", UNKNOWN),
            match.route if match else UNKNOWN,
            getattr(request, "request_id", UNKNOWN),
        )
        record.exc_info = record.exc_text = record.stack_info = None
        return True
