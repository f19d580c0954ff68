"""What a command opened of the second fence is shut when it ends, before anything is served."""

from argparse import Namespace
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from teleward.command import house, up
from teleward.kernel import fence
from teleward.kernel.ids import new_id

SOMEWHERE = new_id()


def open_practice() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('teleward.practice', true), '')")
        return str(cursor.fetchone()[0])


@pytest.fixture
def installed(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose database is up and whose settings are set."""
    home: Any = SimpleNamespace(keys=None, origin=SimpleNamespace(exists=lambda: False))
    monkeypatch.setattr(house, "open_home", lambda: home)
    monkeypatch.setattr(house, "load_keys", lambda _folder: {})
    monkeypatch.setattr(house, "_database", lambda _home, **_how: nullcontext())
    monkeypatch.setattr(house, "_set_environment", lambda *_all: None)


def test_a_command_that_opened_a_practice_ends_with_the_fence_shut(installed: None) -> None:
    with house.open_house():
        fence.open_for(practice=SOMEWHERE)
        assert open_practice() == str(SOMEWHERE)
    assert open_practice() == ""


def test_a_command_that_breaks_ends_with_it_shut(installed: None) -> None:
    with pytest.raises(KeyError), house.open_house():
        broken()
    assert open_practice() == ""


def broken() -> None:
    fence.open_for(practice=SOMEWHERE)
    raise KeyError


def test_making_the_demonstration_leaves_nothing_open_to_what_is_served_next(
    installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_one() -> list[str]:
        fence.open_for(practice=SOMEWHERE)
        return ["done"]

    monkeypatch.setattr(up, "inside", lambda _name: SimpleNamespace(open_practice=open_one))
    wish: Any = Namespace(demo=True, on_loopback=True)
    with house.open_house(alone=True):
        assert up._demonstration(wish) == ["done"]
        assert (open_practice(), fence.is_serving()) == ("", False)
