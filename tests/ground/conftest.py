"""A cluster to try things on, and a process that starts one."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ground.processes import plain_environment

from teleward.command.cluster import Cluster


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-supervisor-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def initialised() -> Iterator[Path]:
    """A data folder just made, to be copied where the making of it is not what is tried."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-supervisor-"))
    folder.chmod(0o711)
    cluster = Cluster(folder=folder / "database")
    cluster.start()
    cluster.stop()
    yield folder / "database"
    shutil.rmtree(folder)


@pytest.fixture
def cluster(place: Path, initialised: Path) -> Iterator[Cluster]:
    subprocess.run(["cp", "-a", initialised, place / "database"], check=True)
    cluster = Cluster(folder=place / "database")
    yield cluster
    cluster.stop()


Starting = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def in_a_process() -> Iterator[Starting]:
    """Runs a script that starts the cluster; returned once it says so."""
    begun: list[subprocess.Popen[str]] = []

    def begin(script: str, folder: Path, uid: int = 0) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", script, str(folder), str(uid)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=plain_environment(), stdin=pipe, stdout=pipe, text=True)
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        return process

    yield begin
    for process in begun:
        if process.poll() is None:
            process.kill()
            process.communicate()
