"""The TELEWARD_* variables of a test run: a home of its own and keys nobody else has."""

import os
import secrets
import sys
from pathlib import Path

from ground.memory import new_folder

KEPT = {"TELEWARD_SCREENSHOTS"}  # whether the journeys renew the documents' pictures


def prepare_environment(*, in_memory: bool = False) -> None:
    """Set what settings need, once per run; xdist's workers inherit it. What is measured lies on the disk."""
    if "TELEWARD_TEST_RUN" in os.environ:
        return
    keep_what_is_compiled()
    folder = new_folder(in_memory=in_memory)
    (folder / "static").mkdir()
    for name in [name for name in os.environ if name.startswith("TELEWARD_") and name not in KEPT]:
        del os.environ[name]
    os.environ |= {
        "TELEWARD_TEST_RUN": str(folder),
        "TELEWARD_HOME": str(folder),
        "TELEWARD_ORIGIN": "http://localhost:8000",
        "TELEWARD_SECRET_KEY": secrets.token_urlsafe(50),
        "TELEWARD_MASTER_KEY": secrets.token_hex(32),
        "TELEWARD_TURN_SECRET": secrets.token_hex(32),
        "TELEWARD_MAIL_URL": "smtp://mail.invalid",  # pytest-django keeps the letters
        "DJANGO_SETTINGS_MODULE": "teleward.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright leaves its event loop running between tests
    }


def keep_what_is_compiled() -> None:
    """Each of the run's many processes would else compile anew what it imports: 8 seconds per worker."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def run_folder() -> Path:
    """Where this run keeps its files."""
    return Path(os.environ["TELEWARD_TEST_RUN"])
