"""Asking another system through its kind: the worst that it can answer is something that cannot be read."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from .kind import Delivered, Item, Link, Refused, Unreachable
from .known import KINDS

_log = logging.getLogger(__name__)


def send(*, connection: Link, item: Item) -> Delivered:
    """Brings it there; doing so twice leaves one. Raises Refused or Unreachable."""
    with _whatever_it_says(connection):
        remote = KINDS[connection.kind].send(connection=connection, item=item).remote
    return Delivered(remote="".join(filter(str.isprintable, remote)))


def look(*, connection: Link, patient: bytes) -> dict[str, Any]:
    """What is held about the chart's Patient there, as JSON. Raises Refused or Unreachable."""
    with _whatever_it_says(connection):
        found: Mapping[str, Any] = KINDS[connection.kind].look(connection=connection, patient=patient)
        return dict(found)


def test(*, connection: Link) -> None:
    """Whether it would work, without sending anything about anybody. Raises Refused or Unreachable."""
    with _whatever_it_says(connection):
        KINDS[connection.kind].test(connection=connection)


@contextmanager
def _whatever_it_says(link: Link) -> Iterator[None]:
    try:
        yield
    except (Refused, Unreachable):
        raise
    except Exception as odd:
        _log.warning("The answer of a system (%s) could not be read: %s", link.kind, _where(odd))
        raise Unreachable("unreadable") from odd


def _where(odd: Exception) -> str:
    """The words of an error may hold somebody's."""
    trace, places = odd.__traceback__, []
    while trace is not None:
        places.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(odd).__name__} at {' > '.join(places[-4:])}"
