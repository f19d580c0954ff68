"""The way into the installation: its database is up, its settings are set, Django is ready."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import django

from teleward.command.cluster import Cluster
from teleward.command.home import Home, open_home
from teleward.command.keys import load_keys
from teleward.command.refusal import CannotContinue
from teleward.command.relay import URLS
from teleward.kernel import fence

DEFAULT_ORIGIN = "http://localhost:8000"


@dataclass(frozen=True, kw_only=True)
class Urls:
    """How the application and the owner reach the database."""

    app: str
    owner: str


@contextmanager
def open_house(*, origin: str = "", alone: bool = False) -> Iterator[Home]:
    """The installation, ready to be worked on; what had to be started is stopped at the end.

    A database that a running `teleward up` serves is used as it is, unless `alone` is asked for. What a
    command opens of the second fence is shut when it ends; who is alone serves, and shuts it per request.
    Raises CannotContinue.
    """
    home = open_home()
    keys = load_keys(home.keys)
    with _database(home, alone=alone) as urls:
        _set_environment(home, keys, urls, origin or _read(home.origin, DEFAULT_ORIGIN))
        django.setup()
        with nullcontext() if alone else fence.serving():
            yield home


def inside(name: str) -> ModuleType:
    """A module of this package that imports rooms, which only works once the house is open."""
    return import_module(f"teleward.command.{name}")


@contextmanager
def _database(home: Home, *, alone: bool) -> Iterator[Urls]:
    given = _given_urls()
    if given is not None:
        yield given
        return
    cluster = Cluster(folder=home.database)
    urls = Urls(app=cluster.app_url, owner=cluster.owner_url)
    if cluster.is_running and not alone:
        yield urls
        return
    try:
        cluster.start()
        yield urls
    finally:
        cluster.stop()


def _given_urls() -> Urls | None:
    app, owner = (
        os.environ.get(name, "") for name in ("TELEWARD_DATABASE_URL", "TELEWARD_OWNER_DATABASE_URL")
    )
    if bool(app) != bool(owner):
        raise CannotContinue(
            "Set both TELEWARD_DATABASE_URL (role teleward_app) and TELEWARD_OWNER_DATABASE_URL "
            "(role teleward_owner), or neither."
        )
    return Urls(app=app, owner=owner) if app else None


def _read(path: Path, default: str = "") -> str:
    return path.read_text().strip() if path.exists() else default


def _set_environment(home: Home, keys: dict[str, str], urls: Urls, origin: str) -> None:
    for name, value in keys.items():
        os.environ.setdefault(f"TELEWARD_{name}", value)
    os.environ.setdefault("TELEWARD_ORIGIN", origin)
    os.environ.setdefault("TELEWARD_TURN_URLS", _read(home.relay / URLS))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "teleward.settings",
        "TELEWARD_HOME": str(home.folder),
        "TELEWARD_DATABASE_URL": urls.app,
        "TELEWARD_OWNER_DATABASE_URL": urls.owner,
    }
