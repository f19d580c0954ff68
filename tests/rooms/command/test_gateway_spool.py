"""The spool: on disk before anything else, each number once, deleted when the server has it."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from teleward.command.gateway import spool as spools
from teleward.command.gateway.spool import Device, NoRoom, Origin, Spool, make_spool, open_spool
from teleward.command.gateway.taking import Source, Taker
from teleward.command.refusal import CannotContinue
from teleward.devices.kinds import KINDS
from teleward.devices.readings import DeviceFacts, Reading, Value

CAME = datetime(2026, 3, 1, 8, tzinfo=UTC)
CUFF = "00:00:5E:00:53:10"


def reading(value: str = "66") -> Reading:
    values = [Value(code="8867-4", unit="/min", value=value)]
    return Reading(id=uuid4(), kind="heart-rate", source="device", received_at=CAME, values=values)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    make_spool(tmp_path / "spool")
    opened = open_spool(tmp_path / "spool")
    opened.add(Device(address=CUFF, kinds=("heart-rate",)))
    yield opened
    opened.close()


def put(spool: Spool, *, digest: bytes | None = None, record: int | None = None) -> bool:
    return spool.put(reading(), Origin(device=CUFF, digest=digest, record=record))


def fill(spool: Spool) -> None:
    while put(spool):
        pass


def numbers(spool: Spool) -> list[int]:
    return [each.sequence for each in spool.batch(most=100, ahead=timedelta())]


def test_a_number_is_never_given_twice_also_when_everything_was_sent_and_it_was_opened_anew(
    spool: Spool, tmp_path: Path
) -> None:
    assert put(spool)
    assert put(spool)
    spool.drop([1, 2])
    again = open_spool(tmp_path / "spool")
    assert put(again)
    assert numbers(again) == [3]
    again.close()


def test_what_is_in_it_is_written_through_to_the_disk_and_wiped_when_it_goes(spool: Spool) -> None:
    asked = {
        name: spool._lines.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "secure_delete")
    }
    assert asked == {"synchronous": 2, "secure_delete": 1}
    assert spool._lines.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_lost_spool_is_not_made_anew_for_its_numbers_would_come_again(tmp_path: Path) -> None:
    with pytest.raises(CannotContinue, match="new code"):
        open_spool(tmp_path / "gone")


def test_the_same_measurement_told_again_is_kept_once_and_another_devices_is_another(spool: Spool) -> None:
    assert put(spool, digest=b"frame")
    assert not put(spool, digest=b"frame")
    assert spool.put(reading(), Origin(device="00:00:5E:00:53:99", digest=b"frame"))
    assert numbers(spool) == [1, 2]


def test_a_reading_and_the_number_of_its_record_are_kept_together(spool: Spool) -> None:
    put(spool, digest=b"1", record=41)
    put(spool, digest=b"2", record=42)
    assert spool.devices()[CUFF].newest_record == 42
    assert spool.devices()[CUFF].user is None


def test_a_full_disk_keeps_what_was_kept_takes_nothing_more_and_lets_confirmed_ones_go(
    spool: Spool, tmp_path: Path
) -> None:
    small = open_spool(tmp_path / "spool", most=64 * 1024)
    with pytest.raises(NoRoom):
        fill(small)
    kept = small.waiting()
    assert kept > 20
    small.drop(range(1, kept))
    assert put(small)
    small.close()


def test_while_the_disk_is_full_readings_wait_in_memory_in_their_order_and_it_is_said(
    spool: Spool, tmp_path: Path
) -> None:
    small, said = open_spool(tmp_path / "spool", most=64 * 1024), list[str]()
    taker = Taker(spool=small, say=said.append)
    source = Source(device=small.devices()[CUFF], kind=KINDS["heart-rate"], facts=DeviceFacts())
    while not taker.held:
        taker.take(source, "2A37", bytes([0, 60]))
    kept = small.waiting()
    taker.take(source, "2A37", bytes([0, 61]))
    assert said[-1].startswith("The disk is full")
    small.drop(range(1, kept))
    taker.take(source, "2A37", bytes([0, 62]))
    assert not taker.held
    found = small.batch(most=9, ahead=timedelta())
    assert [each.values[0].value for each in found][-3:] == ["60", "61", "62"]
    small.close()


def test_a_clock_that_was_set_since_is_made_up_for_before_the_first_sending_and_not_after_it(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "_began", lambda: 1_000.0)
    put(spool)
    monkeypatch.setattr(spools, "_began", lambda: 1_000.0 + 7200)
    [first] = spool.batch(most=1, ahead=timedelta(minutes=1))
    assert first.received_at == CAME + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(spools, "_began", lambda: 1_000.0 + 9999)
    assert spool.batch(most=1, ahead=timedelta(minutes=5)) == [first]


def test_a_clock_is_not_made_up_for_across_a_restart_of_the_computer(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(spool)
    monkeypatch.setattr(spools, "_boot", lambda: "another")
    monkeypatch.setattr(spools, "_began", lambda: 0.0)
    assert spool.batch(most=1, ahead=timedelta())[0].received_at == CAME


def test_another_error_of_the_disk_than_a_full_one_is_told_as_it_is(spool: Spool) -> None:
    spool._lines.execute("DROP TABLE tally")
    with pytest.raises(sqlite3.OperationalError):
        spool.count("unreadable")
