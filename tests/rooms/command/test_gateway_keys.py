"""The gateway's key changes each month, and no cut in between leaves it without one that the server knows."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.gateways import Gateway, open_gateway
from fakes.intake import Intake, Refused

from teleward.command.gateway.credentials import Credentials
from teleward.command.gateway.folder import Folder
from teleward.command.gateway.keys import read_key
from teleward.command.gateway.server import Server, Silent


@pytest.fixture
def intake() -> Iterator[Intake]:
    with Intake() as server:
        yield server


@pytest.fixture
def gateway(tmp_path: Path, intake: Intake) -> Gateway:
    made = open_gateway(tmp_path)
    made.pair(intake)
    return made


def credentials(folder: Folder) -> Credentials:
    pairing = folder.read_pairing()
    return Credentials(folder=folder, pairing=pairing, server=Server(origin=pairing.address))


def dead() -> None:
    raise ConnectionResetError


def is_due(folder: Folder) -> Credentials:
    made = credentials(folder)
    made.pairing = made.pairing.__class__(**{**json.loads(folder.pairing.read_text()), "key_since": 0.0})
    return made


def test_the_key_is_changed_each_month_and_the_new_one_signs_from_then_on(
    gateway: Gateway, intake: Intake
) -> None:
    credentials(gateway.folder).renew()
    assert len(intake.keys) == 1
    due = is_due(gateway.folder)
    due.renew()
    assert len(intake.keys) == 2
    assert read_key(gateway.folder.key).thumbprint() == intake.keys[-1].thumbprint()
    assert not gateway.folder.next_key.exists()
    assert credentials(gateway.folder).ask("/devices/readings", {"readings": []}).status == 200


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_cut_while_the_key_is_changed_leaves_a_gateway_that_goes_on(
    gateway: Gateway, intake: Intake, moment: str
) -> None:
    setattr(intake, moment, lambda _intake: dead())
    with pytest.raises(Silent):
        is_due(gateway.folder).renew()
    assert len(intake.keys) == (1 if moment == "before" else 2)
    setattr(intake, moment, lambda _intake: None)
    again = credentials(gateway.folder)
    again.renew()
    assert again.ask("/devices/readings", {"readings": []}).status == 200
    assert read_key(gateway.folder.key).thumbprint() == intake.keys[-1].thumbprint()
    assert len(intake.keys) == 2


def test_a_server_that_is_too_busy_to_look_does_not_make_the_next_key_the_key(
    gateway: Gateway, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ["devices:credential", "devices:credential", "devices:too-often"]
    monkeypatch.setattr(intake, "_key", lambda *_asked: refused(keys.pop(0)))
    is_due(gateway.folder).renew()
    assert gateway.folder.next_key.exists()
    assert read_key(gateway.folder.key).thumbprint() == intake.keys[0].thumbprint()


def refused(code: str) -> None:
    raise Refused(429 if code.endswith("often") else 401, code, "signature")


def test_a_change_of_the_key_that_stopped_between_two_files_is_finished(
    gateway: Gateway, intake: Intake
) -> None:
    due = is_due(gateway.folder)
    due._change = lambda: None  # type: ignore[method-assign]
    due.renew()
    assert gateway.folder.next_key.exists()
    credentials(gateway.folder).renew()
    assert read_key(gateway.folder.key).thumbprint() == intake.keys[-1].thumbprint()
