"""The embedded PostgreSQL survives its parent's death, stale notes and half-made beginnings."""

import os
import pwd
import shutil
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from ground.processes import all_end, descendants

from teleward.command.cluster import Cluster
from teleward.command.refusal import CannotContinue

Starting = Callable[..., "subprocess.Popen[str]"]
START = """
import os, sys, time
from pathlib import Path
import psycopg
from teleward.command.cluster import Cluster
if os.geteuid() == 0 and sys.argv[2] != "0":
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
cluster = Cluster(folder=Path(sys.argv[1]))
cluster.start()
print("started", flush=True)
"""
WAIT = START + "sys.stdin.read()\ncluster.stop()\n"
WRITE = (
    START
    + """
with psycopg.connect(cluster.owner_url, autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS acknowledged (n integer)")
    for n in range(1_000_000):
        connection.execute("INSERT INTO acknowledged VALUES (%s)", [n])
        print(n, flush=True)
"""
)


def test_an_ordinary_user_needs_no_rights_at_all(place: Path, in_a_process: Starting) -> None:
    ordinary = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    home = place / "theirs"
    home.mkdir(mode=0o700)
    os.chown(home, ordinary, -1)
    process = in_a_process(WAIT, home / "database", ordinary)
    pids = descendants(process.pid)
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in pids} == {ordinary}
    process.communicate("")
    assert process.returncode == 0
    assert all_end(pids)


def test_a_killed_parent_leaves_no_process_and_no_note_behind(
    cluster: Cluster, in_a_process: Starting
) -> None:
    process = in_a_process(WAIT, cluster.folder)
    pids = descendants(process.pid)
    assert pids
    process.kill()
    process.communicate()
    assert all_end(pids)
    assert not (cluster.data / "postmaster.pid").exists()


def test_every_acknowledged_row_survives_kill_9_of_everything(
    cluster: Cluster, in_a_process: Starting
) -> None:
    process = in_a_process(WRITE, cluster.folder)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(300)]
    pids = descendants(process.pid)
    for pid in (process.pid, *pids):
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
    acknowledged += process.communicate()[0].splitlines(keepends=True)
    last = max(int(line) for line in acknowledged if line.endswith("\n"))
    assert all_end(pids)
    cluster.start()
    with psycopg.connect(cluster.app_url) as connection:
        count = connection.execute("SELECT count(*) FROM acknowledged WHERE n <= %s", [last]).fetchone()
    assert count == (last + 1,)


def test_a_stale_note_that_names_a_living_stranger_is_no_hindrance(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    (cluster.socket_folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert not cluster.is_running
    cluster.start()
    assert cluster.is_running


def test_a_second_start_on_the_same_folder_is_refused_in_a_sentence(cluster: Cluster) -> None:
    cluster.start()
    with pytest.raises(CannotContinue, match="already running"):
        Cluster(folder=cluster.folder).start()
    assert cluster.is_running


def test_an_initialisation_that_was_cut_short_is_begun_again(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    shutil.rmtree(cluster.data)
    (cluster.folder / "data.unfinished").mkdir()
    cluster.start()
    assert cluster.is_running


def test_only_the_main_thread_may_start_it(cluster: Cluster) -> None:
    refusals: list[str] = []

    def try_it() -> None:
        try:
            cluster.start()
        except CannotContinue as refusal:
            refusals.append(str(refusal))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert refusals == ["A child process must be started from the main thread, or it would outlive us."]
