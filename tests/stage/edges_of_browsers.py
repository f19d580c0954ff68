"""Where marked browsers and two sessions at once stop being what they are, found by trying both sides.

Each function says whether the code's edge lies exactly at the value it is given.
"""

from datetime import timedelta
from typing import Any

from stage.edges_of_accounts import SECOND, granted, is_refused, lasts_until, practice, somebody
from stage.visits import HERE
from teleward.access.grants import Action
from teleward.access.models import Session
from teleward.access.operations import browsers
from teleward.access.queries.shared_logins import shared_logins
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token, token_hash


def _code() -> str:
    return browsers.issue_browser_code(grant=granted(Action.BROWSER_TRUST), label="Room 2").code


def _mark(code: str) -> browsers.MarkedBrowser:
    return browsers.mark_browser(code=code, user_agent="", circumstances=HERE)


def code(value: timedelta, travel: Any) -> bool:
    first = _code()
    travel.shift(value - SECOND)
    in_time = not is_refused(lambda: _mark(first))
    second = _code()
    travel.shift(value)
    return in_time and is_refused(lambda: _mark(second))


def code_digits(value: int) -> bool:
    return len(_code()) == value


def lasts(value: timedelta, travel: Any) -> bool:
    secret = _mark(_code()).secret
    return lasts_until(value, travel, lambda: browsers.is_managed(secret=secret, organisation=practice().id))


def _two(apart: timedelta, rested: timedelta = SECOND) -> int:
    """How many signs two sessions of one person leave, a telephone elsewhere beside a desk."""
    Session.objects.all().delete()
    person, at = somebody("physician"), now()
    for agent, network, seen in (("Linux", 1, rested + apart), ("iPhone", 2, rested)):
        Session.objects.create(
            person=person, secret_hash=token_hash(new_token()), aal=2, method="passkey",
            begun_at=at - rested - timedelta(hours=network), seen_at=at - seen,
            client_address=f"203.0.113.{network}", user_agent=agent,
        )  # fmt: skip
    return len(shared_logins(organisation=practice().id, at=at))


def at_once(value: timedelta) -> bool:
    return (_two(value), _two(value + SECOND)) == (1, 0)


def looked_back(value: timedelta) -> bool:
    nothing = timedelta(0)
    return (_two(nothing, value - SECOND), _two(nothing, value)) == (1, 0)
