"""PostgreSQL's own note of which process serves a data folder, and whether it is true."""

import time
from contextlib import suppress
from pathlib import Path

from teleward.command.refusal import CannotContinue

LOCK = ".s.PGSQL.5432.lock"
FAREWELL = 15.0  # seconds for a server whose parent was killed to shut down
READY_LINE = 7


def clear_stale_notes(*, data: Path, socket_folder: Path) -> None:
    """Wait for a server that is still ending; remove notes that name a process which is not ours."""
    deadline = time.monotonic() + FAREWELL
    while serves(data):
        if time.monotonic() > deadline:
            raise CannotContinue(f"A PostgreSQL that Teleward did not start serves {data}. Stop it first.")
        time.sleep(0.05)
    if Path("/proc/self").exists():
        (data / "postmaster.pid").unlink(missing_ok=True)
        (socket_folder / LOCK).unlink(missing_ok=True)


def serves(data: Path) -> bool:
    """Whether the process named in postmaster.pid runs and its command line names this data folder."""
    pid = noted_process(data)
    return pid is not None and str(data) in command_line(pid)


def noted_process(data: Path) -> int | None:
    """The process number in postmaster.pid, or None."""
    with suppress(OSError, ValueError, IndexError):
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    return None


def command_line(pid: int) -> list[str]:
    """The arguments a process was started with; empty for one that is gone or a zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def is_ready(data: Path, pid: int) -> bool:
    """Whether that process has written that it accepts connections."""
    with suppress(OSError, IndexError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"
    return False
