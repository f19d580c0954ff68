"""Our own supervisor of an embedded PostgreSQL: one cluster, one folder, one socket, no network."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from teleward.command import binaries, postmaster, roles
from teleward.command.account import Account, barred_at, database_account, make_private, sealing_account
from teleward.command.child import only_one, run_as, start_child, stop_child
from teleward.command.refusal import CannotContinue

SOCKET_NAME = "/.s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes, of sockaddr_un
PLAIN = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
PATIENCE = 60.0  # seconds until a start counts as failed; recovery after a crash may take some

INITIAL = (
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
)
SAFE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_min_error_statement": "panic",  # statements and details may hold names
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "jit": "off",
}


@dataclass(kw_only=True)
class Cluster:
    """PostgreSQL under `folder`, started and stopped from the main thread; it ends when we end."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    account: Account = field(init=False)
    sealing: Account = field(init=False)
    socket_folder: Path = field(init=False)
    sequencer_socket: Path = field(init=False)
    _server: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _lock: IO[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.folder = self.folder.absolute()
        self.account = database_account(self.folder)
        self.sealing = sealing_account(self.account)
        self.socket_folder = self.sequencer_socket = _socket_folder(self.folder / "socket")
        if self.account.switches:  # who serves pages, and who seals, may not enter the database's own folder
            self.socket_folder = _socket_folder(self.folder.with_name("database-socket"))
            self.sequencer_socket = _socket_folder(self.folder.with_name("sequencer-socket"))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def app_url(self) -> str:
        return roles.url(self.socket_folder, roles.APP)

    @property
    def owner_url(self) -> str:
        return roles.url(self.socket_folder, roles.OWNER)

    @property
    def sequencer_url(self) -> str:
        return roles.url(self.sequencer_socket, roles.SEQUENCER)

    @property
    def is_running(self) -> bool:
        """Whether a server of ours, started by whichever process, serves this folder."""
        return postmaster.serves(self.data)

    def start(self) -> None:
        """Initialise if new, start, wait until it answers, create roles. Raises CannotContinue."""
        self._make_folders()
        self._lock = only_one(self.folder / "lock")
        found = binaries.find_binaries()
        programs = binaries.runnable_binaries(found, account=self.account, beside=self.folder)
        if not self.data.exists():
            self._initialise(programs)
        for folder in self._sockets:
            postmaster.clear_stale_notes(data=self.data, socket_folder=folder)
        roles.write_access_rules(self.data, sealing=self.sealing.name)
        self._serve(programs)
        roles.prepare_roles(self.socket_folder)

    def stop(self) -> None:
        """Fast shutdown: connections are cut, everything acknowledged stays."""
        if self._server is not None:
            stop_child(self._server, signal.SIGINT, signal.SIGQUIT)
            self._server = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _make_folders(self) -> None:
        barrier = barred_at(self.folder.parent, self.account)
        if barrier is not None:
            raise CannotContinue(
                f"The database runs as {self.account.name}, who may not enter {barrier}. "
                "Set TELEWARD_HOME to a folder that every account may enter, such as /var/lib/teleward."
            )
        make_private(self.folder, self.account)
        for folder, group in self._sockets.items():
            make_private(folder, self.account)
            if self.account.switches:
                os.chown(folder, self.account.uid, group)
                folder.chmod(0o710)

    @property
    def _sockets(self) -> dict[Path, int]:
        """The folders the server listens in, and the group that may enter each."""
        return {self.sequencer_socket: self.sealing.gid, self.socket_folder: os.getegid()}

    def _initialise(self, programs: Path) -> None:
        unfinished = self.data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        hurry = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        command = [str(programs / "initdb"), "-D", str(unfinished), "-U", roles.SUPER, *INITIAL, *hurry]
        done = run_as(self.account, command)
        if done.returncode:
            raise CannotContinue(f"PostgreSQL could not create its files: {done.stderr.decode().strip()}")
        unfinished.rename(self.data)

    def _serve(self, programs: Path) -> None:
        folders = ", ".join(f'"{folder}"' for folder in self._sockets)
        chosen = SAFE | {"unix_socket_directories": folders} | self.settings
        if self.account.switches:
            chosen |= {"unix_socket_permissions": "0777"}  # their folders let nobody else through
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._server = start_child(
                [programs / "postgres", "-D", self.data, *options],
                account=self.account,
                last_signal=signal.SIGINT,
                output=log,
                environment=PLAIN,
            )
        self._wait_until_ready(self._server)

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not postmaster.is_ready(self.data, server.pid):
            if server.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise CannotContinue(f"PostgreSQL did not start; {self.folder / 'log'} says why.")
            time.sleep(0.01)


def _socket_folder(beside: Path) -> Path:
    """Beside the data, or a short private folder of our own when that path is too long for a socket."""
    if len(os.fsencode(beside)) + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH:
        return beside
    digest = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"teleward-{os.geteuid()}-{digest}"
