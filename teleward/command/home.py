"""The folder that holds everything one installation keeps: keys, database, static files, relay."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where things lie below the home."""

    folder: Path

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def database(self) -> Path:
        return self.folder / "database"

    @property
    def static(self) -> Path:
        return self.folder / "static"

    @property
    def relay(self) -> Path:
        return self.folder / "relay"

    @property
    def sequencer(self) -> Path:
        """The key that signs the ledger; the account of the sequencer alone may enter."""
        return self.folder / "sequencer"

    @property
    def origin(self) -> Path:
        """The address that `teleward up` last served, for the links that other commands print."""
        return self.folder / "origin"


def open_home() -> Home:
    """The home, created when missing. Root's can be entered by others: its database is another account's."""
    folder = _chosen().absolute()
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    elif os.geteuid() == 0 and folder.stat().st_uid == 0 and not any(folder.iterdir()):
        folder.chmod(0o711)
    return Home(folder=folder)


def _chosen() -> Path:
    if given := os.environ.get("TELEWARD_HOME"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/teleward")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "teleward"
