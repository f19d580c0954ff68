"""One request to the other side, and what its answer means for us, before anybody looks at what it says."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from math import inf
from time import monotonic
from typing import Any

import msgspec

from teleward.kernel import outward
from teleward.kernel.outward import Answer, Closed, Question, Silent, TooMuch
from teleward.records.connections.kind import Refused, Unreachable
from teleward.records.fhir.primitives import exact

Json = dict[str, Any]
decoded = msgspec.json.Decoder(float_hook=exact).decode  # every digit as it was written
encoded = msgspec.json.Encoder(decimal_format="number").encode
PLACE = re.compile(r"[A-Za-z]+(\.[A-Za-z]+(\[\d+\])?)*")
CODE = re.compile(r"[a-z-]{1,40}")
WAIT = re.compile(r"\d{1,6}")
MEANINGS = {  # of answers that may be another one tomorrow
    401: "not-let-in",
    403: "not-allowed",
    404: "no-fhir-there",
    405: "no-fhir-there",
    408: "slow",
    409: "changed-meanwhile",
    412: "changed-meanwhile",
    425: "busy",
    429: "busy",
}


_until: ContextVar[float] = ContextVar("until", default=inf)


@contextmanager
def within(patience: timedelta) -> Iterator[None]:
    """All that is asked in here is over by then, however much it is."""
    before = _until.set(monotonic() + patience.total_seconds())
    try:
        yield
    finally:
        _until.reset(before)


def asked(question: Question) -> Answer:
    """The answer, whatever it says. Raises Unreachable."""
    left = _until.get() - monotonic()
    if left <= 0:
        raise Unreachable("slow")
    patience = timedelta(seconds=min(question.patience.total_seconds(), left))
    try:
        return outward.ask(replace(question, patience=patience))
    except Closed as closed:
        raise Unreachable("closed-address") from closed
    except Silent as silent:
        raise Unreachable("silent") from silent
    except TooMuch as much:
        raise Unreachable("too-much") from much


def must_be_good(answer: Answer) -> None:
    """Raises Unreachable where it may be tried again, Refused where that is of no use."""
    status = answer.status
    if 200 <= status < 300:
        return
    said = codes_of(answer.body)
    if status in MEANINGS or status >= 500 or status < 400:
        reason = "moved" if status < 400 else MEANINGS.get(status, "broken-there")
        raise Unreachable(reason, status=status, said=said, wait=_wait(answer.headers))
    raise Refused("not-taken", status=status, said=said)


def object_in(answer: Answer) -> Json:
    """The JSON object in the answer. Raises Unreachable."""
    try:
        found = decoded(answer.body)
    except (msgspec.DecodeError, RecursionError) as unreadable:
        raise Unreachable("unreadable", status=answer.status) from unreadable
    if not isinstance(found, dict):
        raise Unreachable("unreadable", status=answer.status)
    return found


def codes_of(body: bytes) -> str:
    """What an OperationOutcome names as wrong and where: codes and paths. Its sentences may name somebody."""
    try:
        issues = decoded(body).get("issue", [])
        said = [_code_of(issue) for issue in issues[:5]]
    except (msgspec.DecodeError, RecursionError, AttributeError, TypeError):
        return ""
    return "; ".join(filter(None, said))


def _code_of(issue: Json) -> str:
    code = issue.get("code", "")
    places = [str(place) for place in issue.get("expression", [])[:3]]
    where = ", ".join(place for place in places if len(place) <= 80 and PLACE.fullmatch(place))
    if not isinstance(code, str) or not CODE.fullmatch(code):
        return where
    return f"{code} ({where})" if where else code


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    said = headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if WAIT.fullmatch(said) else None
