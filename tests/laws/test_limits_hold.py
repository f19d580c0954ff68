"""Each limit of identity: the policy file, what the code does, and what the documents say are one.

A limit without a driver fails here, and so does a driver that a wrong value would not disturb.
"""

import inspect
import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import transaction
from stage import edges_of_accounts as accounts
from stage import edges_of_browsers as browsers
from stage import edges_of_invitations as invitations
from stage import edges_of_secrets as secrets

from architecture.pages.limits import in_words, limits
from architecture.rooms import ROOT
from teleward.access.signin.limits import POLICY

pytestmark = pytest.mark.usefixtures("costly_passwords")
AT = "2027-03-10T10:00:00Z"
LIMITS = dict(limits(tomllib.loads(POLICY.read_text())))
IN_SECONDS = {"back_off", "code"}  # sections whose times the code keeps as plain seconds
OTHER_NAMES: dict[str, Callable[..., bool]] = {
    "code.digits": secrets.digits_of_a_code,
    "kept.session": accounts.kept_session,
    "kept.address": invitations.kept_address,
    "cover.longest": accounts.longest_cover,
}
SAID_IN_IDENTITY = (  # sentences of docs/explanation/identity.md, with the limits they must agree with
    r"\| a session lasts \| {session.overall}",
    r"\| it locks after rest \| {session.idle};",
    r"administrators and privacy officers {session.idle_privileged}",
    r"not older than {session.fresh}",
    r"{back_off.free_failures} free, then {back_off.first_wait} doubling to {back_off.longest_wait}",
    r"{back_off.disabled_after} in a row disable the factor",
    r"at least {password.shortest_with_second_factor} characters",
    r"could have {password.shortest_alone}",
    r"up to {password.longest} are taken",
    r"every {recertification.every}, overdue {recertification.grace} later",
)


def driver(name: str) -> Callable[..., bool]:
    """What tries both sides of this limit."""
    last = name.rpartition(".")[2]
    found = OTHER_NAMES.get(name)
    for place in (secrets, accounts, browsers, invitations):
        found = found or getattr(place, last, None)
    assert found, f"nothing drives {name}"
    return found


def value_of(name: str) -> Any:
    """The value as the code has it."""
    entry = LIMITS[name]
    if entry["unit"] == "seconds" and name.partition(".")[0] not in IN_SECONDS:
        return timedelta(seconds=entry["value"])
    return frozenset(entry["value"]) if isinstance(entry["value"], list) else entry["value"]


def other_than(value: Any) -> Any:
    """A value that is nearly this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return next(word for word in ("device-bound", "two-factors") if word != value)
    if isinstance(value, frozenset):
        return value | {"reception"}
    if isinstance(value, timedelta):
        return value + timedelta(seconds=1)
    return value + 1 if value >= 1 else value * 2


def is_driven(name: str, value: Any) -> bool:
    drive, before = driver(name), transaction.savepoint()
    with time_machine.travel(AT, tick=False) as travel:
        found = drive(value, travel) if len(inspect.signature(drive).parameters) > 1 else drive(value)
    transaction.savepoint_rollback(before)
    return found


@pytest.fixture(autouse=True)
def home(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.mark.parametrize("name", LIMITS)
def test_the_code_does_what_the_policy_file_says_and_a_near_miss_is_seen(name: str) -> None:
    assert is_driven(name, value_of(name))
    assert not is_driven(name, other_than(value_of(name)))


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_a_unit_a_source_and_a_reason(name: str) -> None:
    entry = LIMITS[name]
    assert set(entry) == {"value", "unit", "source", "reason"}
    assert all(entry[part] for part in ("unit", "source", "reason"))


def test_the_page_of_limits_has_each_of_them_in_words() -> None:
    page = (ROOT / "docs/reference/limits.md").read_text()
    for name, entry in LIMITS.items():
        assert f"| `{name}` | {in_words(entry['value'], entry['unit'])} |" in page, name


@pytest.mark.parametrize("sentence", SAID_IN_IDENTITY)
def test_what_is_told_about_identity_has_the_same_numbers(sentence: str) -> None:
    text = (ROOT / "docs/explanation/identity.md").read_text()
    pattern = re.sub(r"{([\w.]+)}", lambda found: re.escape(_short(found[1])), sentence)
    assert re.search(pattern, text), pattern


def _short(name: str) -> str:
    """A limit as a running text says it: times with their unit, others as the number."""
    entry = LIMITS[name]
    told = in_words(entry["value"], entry["unit"])
    return told if entry["unit"] == "seconds" else told.split(" ")[0]


def test_a_limit_that_nothing_drives_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"nothing drives password\.colour"):
        driver("password.colour")
