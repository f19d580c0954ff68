"""A real `teleward up` as a process of its own, for tests from outside."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ground.first_start import lay_out

COMMAND = [sys.executable, "-m", "teleward.command.main"]
START, END = 120.0, 15.0  # seconds
PORTS = range(20_000, 32_000)  # below those that Linux gives to whoever asks for any


def plain_environment(**more: str) -> dict[str, str]:
    """Our environment without any TELEWARD_ or Django variable of this test run."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TELEWARD_", "DJANGO_", "PYTEST_"))
    }
    return ours | more


def free_port() -> int:
    """A port for TCP and UDP that nobody has, and that no outgoing connection is given before it is used."""
    while True:
        port = secrets.choice(PORTS)
        with suppress(OSError), socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
            stream.bind(("127.0.0.1", port))
            datagram.bind(("127.0.0.1", port))
            return port


class Up:
    """`teleward up` on a free port with its own home; start, stop and kill it as often as you like.

    What a first start makes is laid out for it where the run has it, unless it is to be started `afresh`.
    """

    def __init__(
        self,
        home: Path,
        *options: str,
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = COMMAND,
        afresh: bool = False,
    ) -> None:
        self.home = home
        self.afresh = afresh
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.command = [*command, "up", "--port", str(self.port), *options]
        self.environment = plain_environment(TELEWARD_HOME=str(home), **(environment or {}))
        self.process: subprocess.Popen[bytes] | None = None
        self.output = home.with_name(home.name + ".output")

    def start(self) -> float:
        """Start and wait until it answers; the seconds that took."""
        if not self.afresh and not self.home.exists():
            lay_out(self.home)
        began = time.monotonic()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > START:
                raise AssertionError(f"teleward up did not start:\n{self.output.read_text()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether it serves."""
        with suppress(OSError), urllib.request.urlopen(f"{self.origin}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and wait; its exit code."""
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(30)

    def kill(self) -> None:
        """Kill -9, without any chance to put things away."""
        self.stop(signal.SIGKILL)

    def children(self) -> set[int]:
        """The numbers of the processes it has started, and of theirs."""
        assert self.process is not None
        return descendants(self.process.pid)


def descendants(pid: int) -> set[int]:
    """Children, their children, and so on. One that ends while it is asked has none."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return set()
    return {int(child) for child in found}.union(*(descendants(int(child)) for child in found))


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def all_end(pids: set[int]) -> bool:
    """Whether none of these processes runs any more, once they had time to end."""
    deadline = time.monotonic() + END
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
