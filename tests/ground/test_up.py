"""`teleward` from outside: it starts, serves, says what to do, and leaves nothing behind."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from ground.processes import COMMAND, Up, all_end


@pytest.fixture
def home() -> Iterator[Path]:
    """A place for a home, not made yet."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-up-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def demo() -> Iterator[Up]:
    """One practice with demonstration data, from nothing, for the tests that only look."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-up-"))
    folder.chmod(0o711)
    up = Up(folder / "home", "--demo", afresh=True)
    up.start()
    yield up
    up.stop()
    shutil.rmtree(folder)


def teleward(up: Up, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Another command on the same installation."""
    return subprocess.run(
        [*COMMAND, *arguments], env=up.environment, capture_output=True, text=True, check=False
    )


def test_it_is_healthy_and_says_nothing_about_its_making(demo: Up) -> None:
    answer = httpx.get(demo.origin + "/healthz")
    assert answer.status_code == 200
    assert not {"server", "x-powered-by"} & {name.lower() for name in answer.headers}


def test_the_demonstration_prints_a_way_in_for_each_of_the_staff_and_for_two_patients(demo: Up) -> None:
    text = demo.output.read_text()
    assert len(re.findall(rf"{demo.origin}/sign-in/once/[\w-]{{43}}/", text)) == 6
    assert len(re.findall(rf"{demo.origin}/join/[\w-]{{43}}/", text)) == 1


def test_the_printed_invitation_can_be_opened(demo: Up) -> None:
    link = re.findall(rf"{demo.origin}/join/\S+", demo.output.read_text())[-1]
    assert httpx.get(link).status_code == 200


def test_keys_are_for_one_user_and_no_two_are_alike(demo: Up) -> None:
    keys = sorted((demo.home / "keys").iterdir())
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600] * 3
    assert stat.S_IMODE((demo.home / "keys").stat().st_mode) == 0o700
    assert len({key.read_text() for key in keys}) == 3


def test_the_relay_of_the_demonstration_keeps_no_log_of_addresses(demo: Up) -> None:
    configuration = (demo.home / "relay" / "turnserver.conf").read_text().splitlines()
    assert "log-file=/dev/null" in configuration
    assert not [line for line in configuration if "lifetime" in line]


def test_the_doctor_finds_a_running_demonstration_well(demo: Up) -> None:
    found = teleward(demo, "doctor")
    assert found.stdout.splitlines()[-1] == "All is well."
    assert found.returncode == 0
    assert "answers and accepts our credentials" in found.stdout
    apart = "ok   seal: an account of its own holds the key" in found.stdout
    assert apart is (os.geteuid() == 0)


def test_the_doctor_names_a_key_that_others_can_read(demo: Up) -> None:
    key = demo.home / "keys" / "secret_key"
    key.chmod(0o644)
    found = teleward(demo, "doctor")
    key.chmod(0o600)
    assert f"Run: chmod go-rwx {key}" in found.stdout
    assert found.returncode == 1


def test_a_colleague_is_invited_and_let_go_from_the_terminal(demo: Up) -> None:
    wish = ["--name", "Marit Solheim", "--role", "nurse"]
    invited = teleward(demo, "user", "invite", "solheim@schwabentor.invalid", *wish)
    assert invited.returncode == 0, invited.stderr
    link = invited.stdout.splitlines()[-1]
    assert link.startswith(demo.origin)
    assert httpx.get(link).status_code == 200
    gone = teleward(demo, "user", "deactivate", "demir@schwabentor.invalid", "--reason", "moved away")
    assert gone.returncode == 0, gone.stderr
    assert gone.stdout == "Yusuf Demir can no longer sign in; open sessions have ended.\n"


def test_an_unknown_role_is_refused_in_a_sentence(demo: Up) -> None:
    wish = ["--name", "Nobody", "--role", "king"]
    refused = teleward(demo, "user", "invite", "nobody@schwabentor.invalid", *wish)
    assert (refused.returncode, refused.stderr) == (1, "There is no such role. Choose one from the list.\n")


def test_a_second_start_on_the_same_home_or_port_is_refused_in_a_sentence(demo: Up) -> None:
    same_home = teleward(demo, "up", "--port", "0")
    assert same_home.returncode == 1
    assert same_home.stderr.startswith("Teleward is already running on")
    same_port = teleward(demo, "up", "--port", str(demo.port))
    assert same_port.returncode == 1
    assert same_port.stderr.startswith(
        f"Nothing can be served on localhost:{demo.port}: Address already in use"
    )


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_no_process(home: Path, signum: signal.Signals) -> None:
    up = Up(home, "--demo")
    up.start()
    children = up.children()
    assert len(children) > 3
    assert up.stop(signum) == 0
    assert all_end(children)


def test_kill_9_takes_the_database_and_the_relay_along_and_the_next_start_is_well(home: Path) -> None:
    up = Up(home, "--demo")
    up.start()
    children = up.children()
    names = {Path(f"/proc/{child}/exe").readlink().name for child in children}
    assert names == {"postgres", "turnserver", Path(sys.executable).resolve().name}  # the last one seals
    up.kill()
    assert all_end(children)
    up.start()
    assert up.stop() == 0


def test_without_demonstration_the_first_person_is_invited_with_the_name_of_the_practice(home: Path) -> None:
    up = Up(home)
    up.start()
    try:
        nameless = teleward(up, "user", "invite", "a@b.invalid", "--name", "A", "--role", "administrator")
        assert nameless.stderr == "There is no practice yet. Name it with --practice.\n"
        wish = ["--name", "A", "--role", "administrator", "--practice", "Praxis Hafenstraße"]
        assert teleward(up, "user", "invite", "a@b.invalid", *wish).returncode == 0
    finally:
        up.stop()
    assert "sign-in/once" not in up.output.read_text()


def test_a_real_database_needs_both_of_its_addresses(home: Path) -> None:
    up = Up(home, environment={"TELEWARD_DATABASE_URL": "postgresql://teleward_app@db.invalid/teleward"})
    refused = teleward(up, "doctor")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Set both TELEWARD_DATABASE_URL")
