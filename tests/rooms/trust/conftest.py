"""A practice, Ada, and whoever works there."""

from collections.abc import Callable
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("stage.visits")


@pytest.fixture
def window(db: None) -> Any:
    from stage import window  # noqa: PLC0415 - the models need their settings first

    return window


@pytest.fixture
def practice(window: Any) -> Any:
    return window.practice()


@pytest.fixture
def patient(window: Any, practice: Any) -> Callable[[str], Any]:
    return lambda name: window.patient(practice, name)


@pytest.fixture
def ada(patient: Callable[[str], Any]) -> Any:
    return patient("Ada")


@pytest.fixture
def staff(window: Any, practice: Any) -> Callable[..., Any]:
    return lambda name, *roles: window.staff(practice, name, *roles)


@pytest.fixture
def desk(staff: Callable[..., Any]) -> Any:
    return staff("Mira Lindqvist", "reception")


@pytest.fixture
def officer(staff: Callable[..., Any]) -> Any:
    return staff("Priya Raman", "privacy-officer")
