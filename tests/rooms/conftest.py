"""Pages in these tests name their static files plainly; the hashed names are tested where they are made.

Passwords cost little here; that they cost what the policy says is tested in access/test_passwords.py.
"""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.test import override_settings


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "costly_passwords" in request.fixturenames:
        return
    hasher = import_module("teleward.access.passwords").Hasher  # Django was not ready when this file was read
    monkeypatch.setattr(hasher, "memory_cost", 64)
    monkeypatch.setattr(hasher, "time_cost", 1)


@pytest.fixture
def costly_passwords() -> None:
    """For tests of what a password costs."""
