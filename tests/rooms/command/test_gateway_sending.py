"""Pairing and sending, against a server that is strict and not to be relied on."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fakes.gateways import Gateway, open_gateway
from fakes.intake import CODE, Intake, Refused
from ground.loops import run_apart

from teleward.command.gateway.credentials import Credentials, Ended
from teleward.command.gateway.folder import Folder
from teleward.command.gateway.keys import read_key
from teleward.command.gateway.sending import Pauses, Sender
from teleward.command.gateway.server import Server, Silent
from teleward.command.gateway.spool import Origin
from teleward.command.gateway.taking import Taker
from teleward.devices.readings import Reading, Value

CAME = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def intake() -> Iterator[Intake]:
    with Intake() as server:
        yield server


@pytest.fixture
def gateway(tmp_path: Path, intake: Intake) -> Gateway:
    made = open_gateway(tmp_path)
    made.pair(intake)
    return made


@pytest.fixture
def sender(gateway: Gateway, intake: Intake) -> Iterator[Sender]:
    with gateway.spool() as spool:
        said: list[str] = []
        taker = Taker(spool=spool, say=said.append)
        yield Sender(folder=gateway.folder, taker=taker, credentials=credentials(gateway.folder))


def credentials(folder: Folder) -> Credentials:
    pairing = folder.read_pairing()
    return Credentials(folder=folder, pairing=pairing, server=Server(origin=pairing.address))


def put(sender: Sender, *rates: int) -> None:
    for rate in rates:
        values = [Value(code="8867-4", unit="/min", value=str(rate))]
        one = Reading(id=uuid4(), kind="heart-rate", source="device", received_at=CAME, values=values)
        sender.spool.put(one, Origin(device="00:00:5E:00:53:10"))


def send(sender: Sender) -> float:
    """One batch; the seconds to wait after it."""
    return run_apart(sender._once())


def dead() -> None:
    raise ConnectionResetError


def test_pairing_keeps_a_key_that_only_its_owner_may_read_and_sends_the_public_half(
    gateway: Gateway, intake: Intake
) -> None:
    [told] = intake.told
    assert told["name"] == "kitchen"
    assert gateway.folder.key.stat().st_mode & 0o777 == stat.S_IRUSR | stat.S_IWUSR
    assert gateway.folder.path.stat().st_mode & 0o777 == stat.S_IRWXU
    assert read_key(gateway.folder.key).thumbprint() == intake.keys[0].thumbprint()


def test_what_a_qr_code_says_is_enough_to_pair(tmp_path: Path, intake: Intake) -> None:
    made = open_gateway(tmp_path)
    assert made.run("pair", f"teleward:pair?server={intake.origin}&code={CODE[:5]}-{CODE[5:].lower()}") == 0
    assert made.folder.read_pairing().address == intake.origin


@pytest.mark.parametrize(
    ("address", "code", "sentence"),
    [
        ("{origin}", "AAAAAAAAAA", "devices:code-unknown"),
        ("http://practice.example", CODE, "encrypted only"),
        ("{origin}", "", "The code is missing"),
        ("http://127.0.0.1:9", CODE, "cannot be reached"),
        ("ftp://practice.example", CODE, "https://practice.example"),
    ],
    ids=["code", "plain", "none", "away", "scheme"],
)
def test_a_pairing_that_fails_says_why_and_leaves_none(
    tmp_path: Path,
    intake: Intake,
    capsys: pytest.CaptureFixture[str],
    address: str,
    code: str,
    sentence: str,
) -> None:
    made = open_gateway(tmp_path)
    assert made.run("pair", address.format(origin=intake.origin), code) == 1
    assert sentence in capsys.readouterr().err
    assert not made.folder.pairing.exists()


def test_what_is_confirmed_goes_and_an_answer_lost_after_the_server_kept_it_doubles_nothing(
    sender: Sender, intake: Intake
) -> None:
    put(sender, 60, 61, 62)
    intake.after = lambda _intake: dead()
    with pytest.raises(Silent):
        send(sender)
    assert (sender.spool.waiting(), len(intake.kept)) == (3, 3)
    intake.after = lambda _intake: None
    put(sender, 63)
    assert send(sender) == 0.0
    assert (sender.spool.waiting(), len(intake.kept), intake.batches) == (0, 4, [3, 4])


def test_a_refused_reading_lies_in_a_folder_with_the_reason_before_it_leaves_the_spool(
    sender: Sender, gateway: Gateway
) -> None:
    put(sender, 60, 0)
    send(sender)
    [aside] = gateway.folder.refused.iterdir()
    found = json.loads(aside.read_text())
    assert (found["code"], found["message"]) == ("devices:not-plausible", "Not plausible.")
    assert found["reading"]["values"][0]["value"] == "0"
    assert aside.stat().st_mode & 0o077 == 0
    assert sender.spool.waiting() == 0


def test_what_the_server_says_nothing_of_stays(sender: Sender, intake: Intake) -> None:
    put(sender, 60)
    took = Intake._took
    intake._took = lambda reading: {**took(intake, reading), "id": str(uuid4())}  # type: ignore[method-assign]
    assert send(sender) > 0
    assert sender.spool.waiting() == 1


def test_one_reading_that_the_server_cannot_read_is_found_among_many_and_put_aside(
    sender: Sender, intake: Intake, gateway: Gateway
) -> None:
    put(sender, *range(60, 68))
    intake.unreadable = {6}
    while sender.spool.waiting():
        send(sender)
    assert sorted(intake.kept) == [1, 2, 3, 4, 5, 7, 8]
    assert [path.name.endswith("-6.json") for path in gateway.folder.refused.iterdir()] == [True]


def test_a_server_that_takes_no_gzip_gets_it_plain(sender: Sender, intake: Intake) -> None:
    put(sender, *range(60, 90))

    def before(_intake: Intake) -> None:
        if sender.credentials.server.packs:
            raise Refused(415, "devices:encoding")

    intake.before = before
    assert send(sender) == 0.0
    assert send(sender) == 0.0
    assert len(intake.kept) == 30


@pytest.mark.parametrize(("after", "at_least"), [("120", 120.0), ("9999999", 3600.0), ("soon", 0.5)])
def test_a_server_that_asks_to_wait_is_given_the_time(
    sender: Sender, intake: Intake, after: str, at_least: float
) -> None:
    put(sender, 60)

    def before(_intake: Intake) -> None:
        raise Refused(429, "devices:too-often", Retry_After=after)

    intake.before = before
    assert at_least <= send(sender) <= max(at_least, 1.25)


def test_pauses_grow_to_five_minutes_and_begin_anew_when_it_works() -> None:
    pauses = Pauses()
    waits = [pauses.more() for _try in range(12)]
    assert waits[0] <= 1.25
    assert 225 <= waits[-1] <= 375
    pauses.over()
    assert pauses.more() <= 1.25


def test_a_clock_that_is_hours_off_is_told_by_the_server_and_made_up_for(
    sender: Sender, intake: Intake
) -> None:
    intake.ahead = timedelta(hours=5)
    put(sender, 60)
    assert send(sender) == 0.0
    [kept] = intake.kept.values()
    assert abs(kept.received_at - (CAME + timedelta(hours=5))) < timedelta(seconds=2)


@pytest.mark.parametrize("reason", ["unknown", "audience", "signature", "erased"])
def test_a_pairing_that_ended_is_told_with_the_reason(
    sender: Sender, intake: Intake, gateway: Gateway, reason: str
) -> None:
    put(sender, 60)
    intake.ended = reason == "unknown"
    intake.called = "https://elsewhere.example" if reason == "audience" else ""
    if reason == "signature":
        intake.keys.append(intake.keys[0].generate_key("P-256"))
    if reason == "erased":
        intake.erased = True
    with pytest.raises(Ended) as ended:
        send(sender)
    assert ended.value.reason == reason
    assert sender.spool.waiting() == 1


def test_a_stranger_on_the_way_that_asks_for_a_password_ends_nothing(sender: Sender, intake: Intake) -> None:
    put(sender, 60)

    def before(_intake: Intake) -> None:
        raise Refused(401, "proxy:password")

    intake.before = before
    assert send(sender) > 0
    assert sender.spool.waiting() == 1


def test_forgetting_asks_where_readings_wait_and_then_leaves_nothing(
    sender: Sender, gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    put(sender, 60)
    assert gateway.run("forget") == 1
    assert "Readings that are not sent yet: 1." in capsys.readouterr().err
    assert gateway.run("forget", "--even-unsent") == 0
    assert [path.name for path in gateway.folder.path.iterdir()] == ["lock"]
    assert gateway.run("status") == 1


def test_two_gateways_do_not_work_in_one_folder(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    with gateway.folder.alone():
        assert gateway.run("forget") == 1
    assert "runs already" in capsys.readouterr().err
