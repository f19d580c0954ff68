"""What a gateway keeps: one folder that only its own account may enter.

pairing.json   which server, which pairing, which kinds; nothing of the patient
key, key.next  the private key; the next one while it is being changed
spool.sqlite3  readings that the server has not confirmed yet, and the devices
refused/       readings the server refused, one file each, with the reason
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from teleward.command.home import open_home
from teleward.command.refusal import CannotContinue


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said when the code was accepted."""

    address: str  # https://practice.example
    pairing: str
    kinds: list[str]
    name: str
    key_since: float  # seconds since 1970, by our own clock


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Where things lie below the gateway's own folder."""

    path: Path

    @property
    def pairing(self) -> Path:
        return self.path / "pairing.json"

    @property
    def key(self) -> Path:
        return self.path / "key"

    @property
    def next_key(self) -> Path:
        return self.path / "key.next"

    @property
    def spool(self) -> Path:
        return self.path / "spool.sqlite3"

    @property
    def refused(self) -> Path:
        return self.path / "refused"

    def read_pairing(self) -> Pairing:
        """Raises CannotContinue while there is none."""
        try:
            return msgspec.json.decode(self.pairing.read_bytes(), type=Pairing)
        except FileNotFoundError as error:
            raise CannotContinue(
                "This gateway is not paired yet. Ask the practice for a code, then: "
                "teleward gateway pair ADDRESS CODE"
            ) from error
        except msgspec.DecodeError as error:
            raise CannotContinue(
                f"{self.pairing} cannot be read: teleward gateway forget, then pair"
            ) from error

    def write_pairing(self, pairing: Pairing) -> None:
        """It is there whole, or as before."""
        write(self.pairing, msgspec.json.encode(pairing))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One gateway at a time works in a folder. Raises CannotContinue."""
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise CannotContinue(
                "This gateway runs already. Stop it first: systemctl stop teleward-gateway"
            ) from error
        finally:
            os.close(handle)


def open_folder(given: Path | None) -> Folder:
    """The folder, made when missing; others may not look into it."""
    path = (given or open_home().folder / "gateway").absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return Folder(path=path)


def write(path: Path, content: bytes) -> None:
    """Durably, whole or not at all; for our own account only."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    settle(path.parent)


def settle(folder: Path) -> None:
    """What was named, renamed or removed in a folder stays so after a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
