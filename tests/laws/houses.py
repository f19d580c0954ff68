"""The house that the laws about everybody walk through."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from stage.everybody import House, everybody


@pytest.fixture
def house(db: None) -> Iterator[House]:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield everybody()
