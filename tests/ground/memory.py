"""The folder of a run: in memory where there is plenty, as writing databases to a disk costs a fourth of it.

Everything a run writes lies in it and goes with it. What a killed run left there, the next one removes.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder in it that nobody could have guessed
PLENTY = 4 * 2**30  # bytes
NAMED = "teleward-test-"
_held: list[IO[str]] = []


def new_folder(*, in_memory: bool) -> Path:
    """One that is ours until this process ends, with a `tmp` in it that all temporary files go to."""
    memory = MEMORY if in_memory and _has_plenty(MEMORY) else None
    if memory:
        _remove_what_was_left(memory)
    folder = Path(tempfile.mkdtemp(prefix=NAMED, dir=memory))
    _hold(folder)
    folder.chmod(0o711)  # as root the database runs as another account
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
    return folder


def _has_plenty(place: Path) -> bool:
    """Whether much may be written there, also in truth, and programs may be started from there."""
    try:
        found, known = os.statvfs(place), Path("/proc/meminfo").read_text()
    except OSError:
        return False
    available = int(known.partition("MemAvailable:")[2].split()[0]) * 1024
    is_large = min(found.f_bavail * found.f_frsize, available) > PLENTY
    return is_large and not found.f_flag & os.ST_NOEXEC and os.access(place, os.W_OK)


def _hold(folder: Path) -> None:
    held = (folder / "held").open("w")
    fcntl.flock(held, fcntl.LOCK_EX)
    _held.append(held)


def _remove_what_was_left(memory: Path) -> None:
    for held in memory.glob(f"{NAMED}*/held"):
        try:
            with held.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # somebody else's, or in use
        shutil.rmtree(held.parent, ignore_errors=True)
