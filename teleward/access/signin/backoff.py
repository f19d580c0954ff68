"""How long somebody has to wait after wrong tries. The wait belongs to one network, never to the account."""

import ipaddress
from datetime import timedelta

from teleward.access.signin.limits import BACK_OFF


def wait_after(failures: int) -> timedelta:
    """The wait after so many failures in a row from one network: none, then 30 s, doubling, at most 1 h."""
    beyond = failures - BACK_OFF.free_failures
    if beyond < 0:
        return timedelta(0)
    seconds = min(BACK_OFF.first_wait * 2 ** min(beyond, 20), BACK_OFF.longest_wait)
    return timedelta(seconds=seconds)


def is_disabled(failures: int) -> bool:
    """Whether an authenticator has failed so often in a row, from anywhere, that it no longer counts."""
    return failures >= BACK_OFF.disabled_after


def is_loopback(address: str) -> bool:
    """Whether the request came from this very machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
