"""`teleward verify` in a process of its own, with no home, no database and no settings."""

import subprocess
import sys
from pathlib import Path

from ground.processes import COMMAND, plain_environment
from rooms.audit.histories import History

from teleward.kernel.ids import new_id


def _ran(command: list[str], path: Path) -> "subprocess.CompletedProcess[str]":
    nowhere = plain_environment(TELEWARD_HOME="/nonexistent", TELEWARD_DATABASE_URL="postgresql://nowhere")
    return subprocess.run([*command, str(path)], env=nowhere, capture_output=True, text=True, check=False)


def test_the_command_and_the_module_say_the_same_and_need_nothing(tmp_path: Path) -> None:
    history, me = History(), new_id()
    entries = [history.write(me), history.write(me)]
    path = tmp_path / "mine.teleward-proof.json"
    path.write_text(history.file(entries, history.witnessed()))
    ways = [[*COMMAND, "verify"], [sys.executable, "-m", "teleward.audit.verify"]]
    honest = [_ran(way, path) for way in ways]
    assert [(ran.returncode, ran.stderr) for ran in honest] == [(0, ""), (0, "")]
    assert honest[0].stdout == honest[1].stdout
    path.write_text(path.read_text().replace("allow", "alloy"))
    changed = [_ran(way, path) for way in ways]
    assert [ran.returncode for ran in changed] == [1, 1]
    assert all("WRONG: Entry 1 was changed" in ran.stdout for ran in changed)
