"""No file names a machine, a package host or a secret, so that a clone is the same for everybody."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.rooms import ROOT, name

CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache", ".import_linter_cache"}
IGNORED = CACHES | {".git", ".venv", "node_modules", ".teleward", "dist", "build", "test-output"}
CODE = {".py", ".html", ".css", ".js", ".mjs", ".cedar", ".cedarschema"}
TEXT = CODE | {".md", ".toml", ".json", ".txt", ".po", ".yml"}
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|Users|home/(?!teleward\b)\w+|tmp/(?:plan|uv|bash))/[\w.]")
PACKAGE_HOST = re.compile(r"--(?:extra-)?index-url|--find-links|https?://|\bregistry\s*=", re.IGNORECASE)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b")
LOCK_FILES = [*sorted(ROOT.glob("requirements/*.txt")), ROOT / ".npmrc"]


def _files() -> Iterator[Path]:
    for folder, inside, names in os.walk(ROOT):
        inside[:] = sorted({*inside} - IGNORED)
        yield from (path for name in sorted(names) if _is_text(path := Path(folder, name)))


def _is_text(path: Path) -> bool:
    return path.suffix in TEXT or path.name in {"Makefile", "run", ".gitignore", ".npmrc", "LICENSE"}


def _found(pattern: re.Pattern[str]) -> list[str]:
    own = Path(__file__)
    return [name(path) for path in _files() if path != own and pattern.search(path.read_text())]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert _found(MACHINE_PATH) == []


def test_no_file_holds_a_secret() -> None:
    assert _found(SECRET) == []


@pytest.mark.parametrize("file", LOCK_FILES, ids=name)
def test_where_packages_come_from_is_nobodys_business_but_the_installers(file: Path) -> None:
    assert PACKAGE_HOST.findall(file.read_text()) == []


def test_the_javascript_lock_names_no_host_to_fetch_from() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (MACHINE_PATH, "see /root/notes"),
        (MACHINE_PATH, "cd /home/erika/teleward"),
        (PACKAGE_HOST, "--index-url https://packages.example.org"),
        (PACKAGE_HOST, "registry=https://packages.example.org"),
        (SECRET, "-----BEGIN PRIVATE KEY-----"),
    ],
)
def test_each_of_these_is_caught(pattern: re.Pattern[str], planted: str) -> None:
    assert pattern.search(planted)
