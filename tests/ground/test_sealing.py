"""The process that seals the ledger, from outside: its key, its death and its return."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from ground.processes import COMMAND, Up, descendants, is_alive
from rooms.audit.conftest import entry_about
from stage.live import until

from teleward.audit.ledger import append
from teleward.audit.queries.auditing import standing
from teleward.command import ledger_work, roles
from teleward.command.cluster import Cluster
from teleward.command.home import Home
from teleward.command.log_key import load_signer, public_key
from teleward.command.refusal import CannotContinue
from teleward.command.sequencer import URL, take_address
from teleward.kernel.clock import now

AS_ROOT = os.geteuid() == 0
ONLY_KILL = f"{1 << 5:016x}"  # CAP_KILL
OPENS = """
import sys
from teleward.command.powers import give_up_powers
give_up_powers()
try:
    open(sys.argv[1]).read()
except PermissionError:
    print("refused")
else:
    print("opened")
"""


@pytest.fixture(scope="module")
def sealed() -> Iterator[Up]:
    """One practice whose ledger is sealed."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-sealing-"))
    folder.chmod(0o711)
    up = Up(folder / "home")
    up.start()
    until(
        lambda: public_key(up.home / "sequencer")
    )  # it begins while the first page can already be asked for
    yield up
    up.stop()
    shutil.rmtree(folder)


def ledger(up: Up, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, "ledger", *arguments], env=up.environment, capture_output=True, text=True, check=False
    )


def sealers(up: Up) -> list[int]:
    """The keeper and the one who works, by their command line."""
    return sorted(
        pid
        for pid in up.children()
        if is_alive(pid) and b"sequencer" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    )


def invite(up: Up, name: str) -> None:
    """Something that the ledger holds."""
    wish = ["--name", name, "--role", "nurse", "--practice", "Praxis am Siegel"]
    command = [*COMMAND, "user", "invite", f"{name}@siegel.invalid", *wish]
    subprocess.run(command, env=up.environment, check=True, capture_output=True)


def until_sealed(up: Up) -> int:
    """Waits for the seal over everything there is; how many entries that is."""
    entries = 0
    with psycopg.connect(roles.url(Cluster(folder=up.home / "database").socket_folder, roles.OWNER)) as owner:

        def all_sealed() -> bool:
            nonlocal entries
            stands = standing(connection=owner)
            owner.rollback()
            entries = stands.entries
            return 0 < entries == stands.placed

        until(all_sealed)
    return entries


def test_the_key_is_another_accounts_and_the_pages_have_given_up_the_power_to_open_it(sealed: Up) -> None:
    key = sealed.home / "sequencer" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    workers = {Path(f"/proc/{pid}").stat().st_uid for pid in sealers(sealed)}
    assert workers == {key.stat().st_uid}
    assert key.stat().st_uid != 0
    assert sealed.process
    threads = Path(f"/proc/{sealed.process.pid}/task").glob("*/status")
    powers = {
        line.split()[1] for each in threads for line in each.read_text().splitlines() if "CapEff" in line
    }
    assert powers == {ONLY_KILL if AS_ROOT else "0" * 16}
    tried = subprocess.run(
        [sys.executable, "-c", OPENS, str(key)], capture_output=True, text=True, check=True
    )
    assert tried.stdout == ("refused\n" if AS_ROOT else "opened\n")


def test_what_serves_pages_knows_neither_the_key_nor_the_sequencers_way_to_the_database(sealed: Up) -> None:
    assert sealed.process
    pages = Path(f"/proc/{sealed.process.pid}/environ").read_bytes()
    assert b"SEQUENCER" not in pages
    seed = (sealed.home / "sequencer" / "key").read_text().split()[1]
    assert not [path for path in (sealed.home / "keys").iterdir() if seed in path.read_text()]


def test_one_who_seals_and_is_killed_comes_back_and_the_ledger_is_whole(sealed: Up) -> None:
    invite(sealed, "vorher")
    before = until_sealed(sealed)
    assert ledger(sealed, "status").stdout.startswith(f"{before} entries, {before} of them sealed, last at ")
    keeper, worker = sealers(sealed)
    assert descendants(keeper) == {worker}
    os.kill(worker, signal.SIGKILL)
    invite(sealed, "nachher")
    assert until_sealed(sealed) > before
    assert sealers(sealed)[0] == keeper
    assert worker not in sealers(sealed)
    checked = ledger(sealed, "audit")
    assert (checked.returncode, checked.stdout) == (0, "The ledger is as it was written and signed.\n")


def test_the_key_is_told_as_one_line_and_a_false_one_finds_everything_unsigned(sealed: Up) -> None:
    invite(sealed, "jemand")
    until_sealed(sealed)
    told = ledger(sealed, "key")
    assert told.returncode == 0
    assert told.stdout.strip() == public_key(sealed.home / "sequencer")
    assert told.stdout.startswith("localhost/ledger/")
    other = "another.test/1+9c2e6c71+AZsfhHkc/HZjBFhU04netcqVRJ2HXydqg4QLBgqznPxx"
    assert ledger(sealed, "audit", "--key", other).stderr.startswith("This is not the public key of a ledger")
    other = "practice.example/ledger+9c2e6c71+AZsfhHkc/HZjBFhU04netcqVRJ2HXydqg4QLBgqznPxx"
    found = ledger(sealed, "audit", "--key", other)
    assert found.returncode == 1
    assert "is not signed by a known key" in found.stdout


def test_entries_that_nobody_seals_are_named_and_no_key_is_no_check(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(folder=tmp_path)
    assert ledger_work.status(home) == 0
    long_ago = now() - timedelta(minutes=3)
    monkeypatch.setattr("teleward.audit.ledger.now", lambda: long_ago)
    append(entry=entry_about(None))
    assert ledger_work.status(home) == 1
    assert ledger_work.audit(home, []) == 1
    said = capsys.readouterr().out
    assert "1 entries, 0 of them sealed." in said
    assert "nobody seals them" in said
    assert "No key is known, so no signature could be checked." in said
    with pytest.raises(CannotContinue, match="There is no key"):
        ledger_work.key(home)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, ""),
        ({URL: "postgresql://seal@db.invalid/t"}, "postgresql://seal@db.invalid/t"),
        ({"TELEWARD_DATABASE_URL": "postgresql://app@db.invalid/t"}, None),
    ],
)
def test_the_pages_forget_the_sequencers_way_and_a_real_database_is_not_guessed(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], found: str | None
) -> None:
    for name in (URL, "TELEWARD_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert take_address() == found
    assert URL not in os.environ


def test_erasing_asks_first(sealed: Up) -> None:
    asked = ledger(sealed, "erase", "01940000-0000-7000-8000-000000000000")
    assert asked.stdout == "0 entries would be emptied, for good. Say --yes to do it.\n"


def test_a_key_that_has_signed_is_never_silently_replaced(tmp_path: Path) -> None:
    first = load_signer(tmp_path, host="care.example.org")
    assert load_signer(tmp_path, host="elsewhere").vkey == first.vkey == public_key(tmp_path)
    assert first.name.startswith("care.example.org/ledger/")
    (tmp_path / "signed").write_text("something")
    (tmp_path / "key").unlink()
    with pytest.raises(CannotContinue, match="is gone, but it has signed"):
        load_signer(tmp_path, host="care.example.org")
