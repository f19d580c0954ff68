"""The installation's own secrets, made at the first start and readable by its user alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),  # signs cookies and forms
    "MASTER_KEY": lambda: secrets.token_hex(32),  # wraps the patients' keys
    "TURN_SECRET": lambda: secrets.token_hex(32),  # shared with the relay
}


def load_keys(folder: Path) -> dict[str, str]:
    """Every key by its name; those that are missing are made (0600, in a folder of 0700)."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return {name: _load(folder / name.lower(), maker) for name, maker in MAKERS.items()}


def exposed_keys(folder: Path) -> list[Path]:
    """The keys, and their folder, that somebody else on this machine could read."""
    return [path for path in (folder, *sorted(folder.iterdir())) if path.stat().st_mode & 0o077]


def _load(path: Path, maker: Callable[[], str]) -> str:
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with open(unfinished, "x", opener=_private) as file:
            file.write(maker())
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
