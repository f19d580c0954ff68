"""What the media relay may not be used for."""

from ipaddress import ip_address

import pytest

from teleward.command.relay import Relay

INSIDE = (
    "0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.1.1", "::1",
    "::ffff:10.1.2.3", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "fd00::1", "fe80::1",
)  # fmt: skip


def is_denied(address: str) -> bool:
    lines = Relay(address="198.51.100.7", port=3478).configuration("secret").splitlines()
    ranges = [line.removeprefix("denied-peer-ip=") for line in lines if line.startswith("denied-peer-ip=")]
    asked = ip_address(address)
    for each in ranges:
        first, last = (ip_address(end) for end in (each.split("-") * 2)[:2])
        if first.version == asked.version and int(first) <= int(asked) <= int(last):
            return True
    return False


@pytest.mark.parametrize("address", INSIDE)
def test_the_public_relay_leads_nobody_into_the_practices_own_network(address: str) -> None:
    assert is_denied(address)


@pytest.mark.parametrize("address", ["198.51.100.7", "203.0.113.5", "2001:db8::5"])
def test_it_reaches_people_elsewhere(address: str) -> None:
    assert not is_denied(address)
