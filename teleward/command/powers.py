"""What root gives up before it serves pages: everything but the right to stop its own children.

The process stays user 0, so that it finds its own files and program; but it opens no file of another account
any more, traces nobody, becomes nobody, and nothing it starts gets any of that back (capabilities(7)).
"""

import ctypes
import os
import sys
import threading
from pathlib import Path

from teleward.command.refusal import CannotContinue

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
CAPABILITY_VERSION_3 = 0x20080522
CAP_KILL, CAP_SETPCAP = 5, 8
LAST = Path("/proc/sys/kernel/cap_last_cap")


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def give_up_powers() -> bool:
    """For good, and for every thread to come. Whether there were any to give up.

    Threads that run already would keep theirs, so there must be none.
    """
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        return False
    if threading.active_count() != 1:
        raise CannotContinue("Powers can only be given up before any other thread runs.")
    system = ctypes.CDLL(None, use_errno=True)
    had = _permitted()
    if had >> CAP_SETPCAP & 1:  # a container may have taken it; what is not there cannot come back either
        for power in set(range(int(LAST.read_text()) + 1)) - {CAP_KILL}:
            _must(system.prctl(PR_CAPBSET_DROP, power, 0, 0, 0))
    _must(system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    kept = had & 1 << CAP_KILL
    sets = (_Sets * 2)(_Sets(effective=kept, permitted=kept, inheritable=0), _Sets())
    _must(system.capset(ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), sets))
    return True


def _permitted() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("CapPrm")), 16)


def _must(result: int) -> None:
    if result != 0:
        raise CannotContinue(f"Root's powers could not be given up: {os.strerror(ctypes.get_errno())}.")
