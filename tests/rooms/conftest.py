"""Pages in these tests name their static files plainly; the hashed names are tested where they are made."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from ground.passwords import cheap_passwords, costly_passwords

__all__ = ["cheap_passwords", "costly_passwords"]


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield
