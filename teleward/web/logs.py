"""What a log line about a request may say."""

import logging
from traceback import extract_tb

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


class WithoutValues(logging.Filter):
    """The text of an error may hold an address or a name; its kind and its place in the program do not."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Puts kind and places of an exception into the line, in place of its traceback with the text."""
        if record.exc_info and record.exc_info[0]:
            kind, _error, trace = record.exc_info
            places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(extract_tb(trace)[-12:]))
            record.msg, record.args = f"{record.getMessage()} {kind.__qualname__} at {places}", ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True
