"""Passwords cost little in tests; that they cost what the policy says is told by access/test_passwords.py."""

from importlib import import_module

import pytest


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
