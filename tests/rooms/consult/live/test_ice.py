"""The relay's credentials: they expire, they fit coturn's scheme, and they name nobody."""

import re
from datetime import UTC, datetime

import msgspec
import pytest
from pytest_django import Settings

from teleward.consult.live.ice import credential, ice_servers

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_credential_is_the_hmac_sha1_that_openssl_computes() -> None:
    # printf '1795340400:9f2c' | openssl dgst -sha1 -hmac north -binary | base64
    assert credential("1795340400:9f2c", "north") == "WH+vdX8ZWFdufpmFx33hVtqkf40="


@pytest.fixture
def relay(settings: Settings) -> None:
    settings.TURN_URLS = [
        "turn:relay.example:3478",
        "turn:relay.example:3478?transport=tcp",
        "turns:relay.example:443",
    ]
    settings.TURN_SECRET = "a secret of the relay"


def test_without_a_relay_there_are_no_servers(settings: Settings) -> None:
    settings.TURN_URLS = []
    assert ice_servers(at=AT).servers == ()


def test_the_relay_also_answers_stun_on_its_udp_port(relay: None) -> None:
    stun, turn = ice_servers(at=AT).servers
    assert stun.urls == ("stun:relay.example:3478",)
    assert stun.username is msgspec.UNSET
    assert len(turn.urls) == 3


def test_the_name_holds_the_expiry_and_chance_and_nothing_else(relay: None) -> None:
    turn = ice_servers(at=AT).servers[-1]
    expiry, _colon, chance = str(turn.username).partition(":")
    assert int(expiry) == int(AT.timestamp()) + 600
    assert re.fullmatch(r"[0-9a-f]{16}", chance)
    assert turn.credential == credential(str(turn.username), "a secret of the relay")


def test_no_name_is_given_out_twice(relay: None) -> None:
    assert len({ice_servers(at=AT).servers[-1].username for _ in range(100)}) == 100
