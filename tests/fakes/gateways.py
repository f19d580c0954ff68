"""A gateway of a test's own: paired, with devices, in this process or as one that can be killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fakes.bluez import Bluez
from fakes.intake import CODE, Intake
from fakes.peripheral import Peripheral
from ground.processes import plain_environment

from teleward.command.gateway.folder import Folder, open_folder
from teleward.command.gateway.spool import Device, Spool, open_spool
from teleward.command.main import main

ALONE = [sys.executable, "-m", "teleward.command.gateway"]
KINDS = {"1810": "blood-pressure", "180D": "heart-rate", "1808": "glucose"}


@dataclass
class Gateway:
    """Its folder, and its process while there is one."""

    folder: Folder
    bluez: Bluez | None = None
    process: "subprocess.Popen[str] | None" = None
    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> int:
        """`teleward gateway …` in this process, in a thread without a loop; the exit code."""
        with ThreadPoolExecutor(1) as thread:
            given = ["gateway", "--folder", str(self.folder.path), *arguments]
            return thread.submit(main, given).result()

    def pair(self, intake: Intake) -> None:
        """With a code of this server."""
        assert self.run("pair", intake.origin, CODE, "--name", "kitchen") == 0

    def own(self, *devices: Peripheral, user: int | None = None) -> None:
        """These are the patient's, and here."""
        with self.spool() as spool:
            for device in devices:
                kinds = tuple(KINDS[each] for each in device.services if each in KINDS)
                spool.add(Device(address=device.address, kinds=kinds, user=user))
        for device in devices if self.bluez else ():
            self.bluez.hold(device)

    @contextmanager
    def spool(self) -> Iterator[Spool]:
        """What waits on its disk."""
        opened = open_spool(self.folder.spool)
        yield opened
        opened.close()

    def start(self, *options: str) -> None:
        """`teleward gateway run` as a process."""
        assert self.bluez is not None
        command = [*ALONE, "--folder", str(self.folder.path), "run", "--gather", "0.02", *options]
        self.process = subprocess.Popen(
            command,
            env=plain_environment(**self.bluez.environment()),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def kill(self) -> None:
        """-9, in whatever it is doing; what it said is read later."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ends(self) -> int:
        """Wait for its end; the exit code. What it said stands in `said`."""
        assert self.process is not None
        output, _none = self.process.communicate(timeout=60)
        self.said += output.splitlines()
        code, self.process = self.process.returncode, None
        return code

    def stop(self) -> int:
        """Ask it to end, once the server has confirmed everything; the exit code."""
        assert self.process is not None
        deadline = time.monotonic() + 20
        with self.spool() as spool:
            while spool.waiting():
                assert time.monotonic() < deadline
                time.sleep(0.02)
        self.process.terminate()
        return self.ends()


def open_gateway(path: Path, bluez: Bluez | None = None) -> Gateway:
    """Not paired yet."""
    return Gateway(folder=open_folder(path / "gateway"), bluez=bluez)


def numbers(kept: Sequence[int]) -> bool:
    """Whether each number from the first on is there."""
    return sorted(kept) == list(range(1, len(kept) + 1))
