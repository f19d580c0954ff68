"""Child processes that end with us, however we end."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn, TypedDict

from teleward.command.account import Account
from teleward.command.refusal import CannotContinue

PR_SET_PDEATHSIG = 1
PATIENCE = 10.0  # seconds a child gets to end by itself


def start_child(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
    output: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that receives `last_signal` when this thread's process dies, even by kill -9.

    The kernel ties that promise to the thread that forks, so only the main thread may call this.
    """
    if threading.current_thread() is not threading.main_thread():
        raise CannotContinue("A child process must be started from the main thread, or it would outlive us.")
    return subprocess.Popen(  # noqa: S603 - the caller names the program
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=environment,
        start_new_session=True,  # Ctrl-C in the terminal reaches us, and we decide the order
        preexec_fn=_die_with(os.getpid(), last_signal),  # noqa: PLW1509 - the one thread that may
        **as_account(account),
    )


class Becoming(TypedDict, total=False):
    """Arguments that make a child another user."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: Account | None) -> Becoming:
    """The arguments that make a child this account; none when we are it already."""
    if account is None or not account.switches:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def run_as(account: Account, command: Sequence[str | Path]) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end as this account; it cannot be run at all: PermissionError."""
    return subprocess.run(  # noqa: S603 - the caller names the program
        [str(part) for part in command],
        capture_output=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        **as_account(account),
    )


def become(account: Account) -> None:
    """Make this process another user, for good. It still ends with its parent."""
    if not account.switches:
        return
    parent = os.getppid()
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if arrange := _die_with(parent, signal.SIGTERM):  # the kernel forgets it when the user changes
        arrange()


def kept_alive(work: Callable[[], object], *, pause: float) -> NoReturn:
    """Run the work in a child of this process, and again whenever that ends, however it ends."""
    while True:
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            if arrange := _die_with(parent, signal.SIGTERM):
                arrange()
            try:
                work()
            except BaseException:  # noqa: BLE001 - a child of a fork must not run its parent's code
                traceback.print_exc()
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        time.sleep(pause)


def _die_with(parent: int, last_signal: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # found before the fork, used after the change of user

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, last_signal.value)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return arrange


def stop_child(child: subprocess.Popen[bytes], *signals: signal.Signals) -> None:
    """Ask with each signal in turn until the child has ended; SIGKILL is the last word."""
    for each in (*signals, signal.SIGKILL):
        if child.poll() is not None:
            return
        child.send_signal(each)
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            continue


def only_one(path: Path) -> IO[bytes]:
    """Hold this lock while the returned file is open; a second holder is refused."""
    held = path.open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        held.close()
        raise CannotContinue(
            f"Teleward is already running on {path.parent.parent}. Stop it first, or set TELEWARD_HOME."
        ) from taken
    return held
