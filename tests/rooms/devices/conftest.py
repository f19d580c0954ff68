"""The stage of these tests needs Django set up, and this file is read before that is done."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("stage.visits")
    config.pluginmanager.import_plugin("stage.home")
    config.pluginmanager.import_plugin("stage.noon")
