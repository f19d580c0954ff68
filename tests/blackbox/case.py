"""What is done, and what the ledger has to say of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import httpx
from blackbox.browser import found
from blackbox.day import Day

ID = "([0-9a-f]{8}-[0-9a-f-]{27})"
Deed = Callable[[Day], httpx.Response | None]
Browsing = Callable[[Day, str], httpx.Response]


class Kind(StrEnum):
    """The sixteen kinds of event that have to be in the ledger."""

    LOG_IN = "log-in"
    FAILED_LOG_IN = "failed log-in"
    READ = "read"
    LIST = "list"
    SEARCH = "search"
    PRINT = "print"
    EXPORT = "export"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    PERMISSION_CHANGE = "permission change"
    POLICY_CHANGE = "policy change"
    BREAK_GLASS = "break-glass"
    CONSENT = "consent"
    SESSION_END = "session end"
    CLOCK_CHANGE = "clock change"


@dataclass(frozen=True)
class Case:
    """`by` does `deed`; the ledger then has `entry`: action, outcome, policy (- for none) and purpose.

    `about` is the name in `Day.made` of the patient whose chain it joins, empty for nobody's.
    `detail` are words of the entry's own.
    """

    kind: Kind
    says: str
    by: str
    deed: Browsing
    entry: str
    about: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


def get(path: str) -> Browsing:
    """Opens a page; `{names}` are filled in from what was made."""
    return lambda day, by: day.who(by).get(path.format(**day.made))


def post(path: str, *, keeps: str = "", at: str = "", **form: object) -> Browsing:
    """Sends a form. `keeps` names what the pattern `at` finds in where it leads, or in what it shows."""

    def sent(day: Day, by: str) -> httpx.Response:
        fields = {name: _filled(value, day) for name, value in form.items()}
        answer = day.who(by).post(path.format(**day.made), **fields)
        if keeps:
            day.made[keeps] = found(at, answer.headers.get("location", "") + answer.text)
        return answer

    return sent


def _filled(value: object, day: Day) -> object:
    return value.format(**day.made) if isinstance(value, str) else value
