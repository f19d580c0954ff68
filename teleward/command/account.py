"""The operating-system account that the database runs as."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from teleward.command.refusal import CannotContinue

UNPRIVILEGED = ("teleward", "postgres", "nobody")
SEALING = ("teleward-sequencer", "daemon")


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who owns the database's files and processes."""

    name: str
    uid: int
    gid: int

    @property
    def switches(self) -> bool:
        """Whether a child has to change its user to become this account."""
        return self.uid != os.geteuid()


def current_account() -> Account:
    """The account this process runs as."""
    return _account(os.geteuid())


def database_account(folder: Path) -> Account:
    """Ourselves, or for root the owner of the database's folder, or an account without privileges."""
    if os.geteuid() != 0:
        return current_account()
    if folder.exists() and folder.stat().st_uid != 0:
        return _account(folder.stat().st_uid)
    for name in UNPRIVILEGED:
        try:
            return _account(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise CannotContinue(
        "PostgreSQL refuses to run as root, and this machine has no account named teleward. "
        "Create one with: useradd --system teleward"
    )


def sealing_account(database: Account) -> Account:
    """Who signs the ledger: for root an account that is nobody else's, otherwise ourselves."""
    if os.geteuid() == 0:
        for name in SEALING:
            try:
                found = _account(pwd.getpwnam(name).pw_uid)
            except KeyError:
                continue
            if found.uid != database.uid:
                return found
    return current_account()


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as missing:
        raise CannotContinue(
            f"User number {uid} has no name on this machine, and PostgreSQL needs one. "
            "Add a line for it to /etc/passwd."
        ) from missing
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def barred_at(path: Path, account: Account) -> Path | None:
    """The first folder on the way to `path` that the account may not enter, or None."""
    for folder in reversed([path, *path.parents]):
        if folder.exists() and not _may_enter(folder.stat(), account):
            return folder
    return None


def _may_enter(found: os.stat_result, account: Account) -> bool:
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def make_private(folder: Path, account: Account) -> None:
    """Create the folder if need be, for this account alone (0700). Its parents keep their modes."""
    if not folder.is_symlink() and not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise CannotContinue(f"{folder} should be a folder of {account.name}. Move it away and start again.")
    folder.chmod(0o700)
