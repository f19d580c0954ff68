"""What the gateway does with devices: the real `bleak`, on a bus with a BlueZ whose devices a test holds."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from fakes.bluez import Bluez
from fakes.gateways import Gateway, open_gateway
from fakes.intake import Intake
from fakes.peripheral import Peripheral, cuff, glucose, meter, pressure, pulse, strap
from ground.loops import run_apart

from teleward.command.gateway import adding
from teleward.command.gateway.collecting import Collector
from teleward.command.gateway.spool import Device, Spool
from teleward.command.gateway.taking import Source, Taker
from teleward.devices.kinds import KINDS, Measured, Value
from teleward.devices.readings import DeviceFacts, Reading

Until = Callable[[Spool], bool]


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with Bluez(tmp_path) as bluez, Intake() as intake:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bluez.address)
        made = open_gateway(tmp_path, bluez)
        made.pair(intake)
        yield made


def collect(gateway: Gateway, until: Until, *acts: Callable[[], None]) -> list[Reading]:
    """Run the collector until this is true, while a person does these things; what waits then."""
    with gateway.spool() as spool:
        run_apart(_collected(spool, until, acts))
        return spool.batch(most=1000, ahead=timedelta())


async def _collected(spool: Spool, until: Until, acts: tuple[Callable[[], None], ...]) -> None:
    looked = asyncio.Event()
    taker = Taker(spool=spool, say=lambda _sentence: None, kept=looked.set)
    collecting = asyncio.create_task(
        Collector(radio=adding.bluetooth(), taker=taker, kinds=KINDS, pause=0.01).run()
    )
    acting = asyncio.create_task(asyncio.to_thread(lambda: [act() for act in acts]))
    async with asyncio.timeout(30):
        while not until(spool):
            await looked.wait()
            looked.clear()
        await acting
    collecting.cancel()
    with suppress(asyncio.CancelledError):
        await collecting


def waiting(n: int) -> Until:
    return lambda spool: spool.waiting() >= n


def test_a_cuff_is_read_with_both_clocks_its_makers_words_and_its_battery(gateway: Gateway) -> None:
    device = cuff()
    gateway.own(device, user=1)
    [reading] = collect(
        gateway, waiting(1), lambda: device.measure("2A35", pressure(138, 88, minute=7, user=1))
    )
    assert {value.code: value.value for value in reading.values} == {
        "8480-6": "138",
        "8462-4": "88",
        "8478-0": "104",
    }
    assert reading.measured_at == datetime(2026, 3, 1, 8, 7).astimezone(UTC)
    assert reading.received_at > datetime(2026, 11, 1, tzinfo=UTC)
    assert (reading.device.maker, reading.device.model) == ("Example Instruments", "EX-1")
    assert (reading.device.serial, reading.device.system_id) == ("0001742", "07-06-05-04-03-02-01-00")
    with gateway.spool() as spool:
        assert spool.devices()[device.address].battery == 81


def test_readings_of_the_cuffs_other_user_are_left_out_and_counted(gateway: Gateway) -> None:
    device = cuff()
    gateway.own(device, user=2)
    frames = [pressure(120 + user, 80, minute=user, user=user) for user in (1, 2, 3)]
    found = collect(
        gateway, waiting(1), lambda: device.measure("2A35", *frames, pressure(99, 60, minute=9, user=2))
    )
    assert {reading.user for reading in found} == {2}
    with gateway.spool() as spool:
        assert spool.counts() == {"of another user": 2}


def test_what_a_meter_says_of_a_measurement_goes_with_it(gateway: Gateway) -> None:
    device = meter()
    gateway.own(device)
    before_a_meal, after_one = bytes.fromhex("02070001"), bytes.fromhex("02080002")
    with gateway.spool() as spool:
        owned = spool.devices()[device.address]
        source = Source(device=owned, kind=KINDS["glucose"], facts=DeviceFacts(), stores=True)
        taker = Taker(spool=spool, say=lambda _sentence: None)
        taker.take(source, "2A18", announcing(7))
        taker.take(source, "2A34", after_one)
        taker.take(source, "2A34", before_a_meal)
        taker.take(source, "2A18", glucose(9))
        with_it, without = spool.batch(most=1000, ahead=timedelta())
    assert "before-meal" in with_it.flags
    assert not {"context-follows", "after-meal"} & set(with_it.flags)
    assert "before-meal" not in without.flags


def test_what_a_meter_announces_and_never_says_is_not_waited_for(gateway: Gateway) -> None:
    device = meter()
    device.records = {7: announcing(7)}
    gateway.own(device)
    (reading,) = collect(gateway, waiting(1))
    assert "context-follows" in reading.flags


def announcing(number: int) -> bytes:
    """A record of which the meter will say more."""
    return bytes([glucose(number)[0] | 0x10]) + glucose(number)[1:]


def test_what_a_cuff_with_users_gives_to_nobody_is_not_taken_for_the_patients(gateway: Gateway) -> None:
    device = cuff()
    gateway.own(device, user=2)
    nobodys, own = pressure(171, 95, minute=1, user=255), pressure(122, 80, minute=2, user=2)
    (reading,) = collect(gateway, waiting(1), lambda: device.measure("2A35", nobodys, own))
    assert reading.user == 2
    with gateway.spool() as spool:
        assert spool.counts() == {"of a user whom the device does not know": 1}


def test_of_a_cuff_with_users_nothing_is_kept_until_somebody_said_which_is_the_patient(
    gateway: Gateway,
) -> None:
    device = cuff()
    gateway.own(device)
    plain = pressure(131, 80, minute=2)
    [reading] = collect(
        gateway, waiting(1), lambda: device.measure("2A35", pressure(171, 95, minute=1, user=1), plain)
    )
    assert reading.user is None
    with gateway.spool() as spool:
        assert spool.counts() == {"of a user, and nobody said which is the patient": 1}


def test_a_device_that_is_not_the_patients_is_never_connected(gateway: Gateway) -> None:
    assert gateway.bluez is not None
    neighbours, ours = strap("00:00:5E:00:53:AA"), strap("00:00:5E:00:53:BB")
    gateway.bluez.hold(neighbours)
    gateway.own(ours)
    collect(gateway, waiting(1), lambda: ours.measure("2A37", pulse(70)))
    assert not neighbours.is_connected
    assert neighbours.listening == set()


def test_the_same_measurement_told_twice_is_kept_once_and_a_spoiled_frame_is_counted(
    gateway: Gateway,
) -> None:
    device = cuff()
    gateway.own(device)
    frames = [
        pressure(120, 80, minute=1),
        pressure(120, 80, minute=1),
        b"\x02\x00",
        pressure(121, 80, minute=2),
    ]
    found = collect(gateway, waiting(2), lambda: device.measure("2A35", *frames))
    assert [reading.values[0].value for reading in found] == ["120", "121"]
    with gateway.spool() as spool:
        assert [what.partition(":")[0] for what in spool.counts()] == ["unreadable"]


def test_a_decoder_that_falls_over_or_says_what_nobody_can_read_again_holds_up_nothing(
    gateway: Gateway,
) -> None:
    said = {b"1": Measured(values=(Value(code="8867-4", unit="/min", value="1E+2"),))}
    said[b"2"] = Measured(values=(Value(code="8867-4", unit="/min", value="61"),))
    source = Source(
        device=Device(address="00:00:5E:00:53:10", kinds=("heart-rate",)),
        kind=replace(KINDS["heart-rate"], decode=lambda _characteristic, frame: said[frame]),
        facts=DeviceFacts(),
    )
    with gateway.spool() as spool:
        taker = Taker(spool=spool, say=lambda _sentence: None)
        for frame in (b"0", b"1", b"2"):
            taker.take(source, "2A37", frame)
        assert [each.values[0].value for each in spool.batch(most=9, ahead=timedelta())] == ["61"]
        assert spool.counts() == {"unreadable: KeyError": 1, "unreadable: ValidationError": 1}


def test_a_meter_is_asked_for_all_it_has_then_for_what_came_since_and_after_a_reset_for_all(
    gateway: Gateway,
) -> None:
    device = meter(records=5)
    gateway.own(device)
    assert len(collect(gateway, waiting(5))) == 5
    device.go()
    device.records |= {number: glucose(number) for number in (5, 6)}
    assert len(collect(gateway, waiting(7), device.come)) == 7
    device.go()
    device.records = {number: glucose(number, day=2) for number in range(2)}
    assert len(collect(gateway, waiting(9), device.come)) == 9
    everything = bytes([0x01, 0x01])
    assert device.asked == [
        everything,
        bytes([0x01, 0x03, 0x01, 4, 0]),
        bytes([0x01, 0x03, 0x01, 6, 0]),
        everything,
    ]


def test_a_meter_that_goes_in_the_middle_of_its_report_is_asked_again_when_it_is_back(
    gateway: Gateway,
) -> None:
    device, asked_for = meter(records=6), Peripheral.written

    def broken_off(characteristic: str, request: bytes) -> list[tuple[str, bytes]]:
        device.written = partial(asked_for, device)  # type: ignore[method-assign]  # the next time it answers
        asyncio.get_running_loop().call_later(0.05, device.go)
        asyncio.get_running_loop().call_later(0.1, device.come)
        return asked_for(device, characteristic, request)[:3]

    device.written = broken_off  # type: ignore[method-assign]  # the first time
    gateway.own(device)
    assert len(collect(gateway, waiting(6))) == 6


def test_a_device_that_goes_and_comes_back_is_listened_to_again(gateway: Gateway) -> None:
    device = strap()
    gateway.own(device)

    def act() -> None:
        device.measure("2A37", pulse(61))
        device.go()
        device.come()
        device.measure("2A37", pulse(62))

    assert [reading.values[0].value for reading in collect(gateway, waiting(2), act)] == ["61", "62"]


def test_a_device_that_stayed_connected_for_a_killed_gateway_is_found_without_its_advertising(
    gateway: Gateway,
) -> None:
    device = strap()
    gateway.own(device)
    collect(gateway, waiting(1), lambda: device.measure("2A37", pulse(61)))
    assert gateway.bluez is not None
    gateway.bluez.connect_for_nobody(device)
    assert len(collect(gateway, waiting(2), lambda: device.measure("2A37", pulse(62)))) == 2


def test_add_shows_what_is_there_connects_what_is_named_and_remove_forgets_it(
    gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gateway.bluez is not None
    device: Peripheral = cuff()
    gateway.bluez.hold(device)
    assert gateway.run("add", "--seconds", "0.3") == 0
    assert f"{device.address}  EX Cuff  (blood-pressure)" in capsys.readouterr().out
    assert gateway.run("add", device.address.lower(), "--user", "2") == 0
    assert "Added for user 2." in capsys.readouterr().out
    assert gateway.run("status") == 0
    assert f"Device {device.address}: blood-pressure, user 2" in capsys.readouterr().out
    assert gateway.run("add", "00:00:5E:00:53:77", "--seconds", "0.1") == 1
    assert "not there" in capsys.readouterr().err
    assert gateway.run("remove", device.address) == 0
    assert gateway.run("remove", device.address) == 1


def test_without_bluetooth_it_says_so_and_without_its_package_what_to_install(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    assert gateway.run("add", "--seconds", "1") == 1
    assert "Bluetooth is off, missing or not allowed" in capsys.readouterr().err
    monkeypatch.setattr(adding, "find_spec", lambda _name: None)
    assert gateway.run("run") == 1
    assert "pip install 'bleak>=" in capsys.readouterr().err


def test_the_program_needs_nothing_of_an_installation_and_no_settings() -> None:
    code = "import sys, teleward.command.gateway.running; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    kept_out = ("django.db", "django.conf", "django.forms", "teleward.records", "teleward.access", "psycopg")
    assert [name for name in loaded if name.startswith(kept_out)] == []
