"""`teleward gateway run` is killed, cut off and refused: every reading is on the server exactly once."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fakes.bluez import Bluez
from fakes.gateways import Gateway, numbers, open_gateway
from fakes.intake import Intake, Refused
from fakes.peripheral import Peripheral, cuff, meter, pressure, pulse, strap

RECORDS = 240


@pytest.fixture
def intake() -> Iterator[Intake]:
    with Intake() as server:
        yield server


@pytest.fixture
def gateway(tmp_path: Path, intake: Intake) -> Iterator[Gateway]:
    """Paired; whatever happens, its process ends with the test."""
    with Bluez(tmp_path) as bluez:
        made = open_gateway(tmp_path, bluez)
        made.pair(intake)
        yield made
        if made.process is not None:
            made.kill()
            made.ends()


class Killer:
    """Kills the gateway at its n-th sight of something, each time it sees it anew."""

    def __init__(self, gateway: Gateway, intake: Intake, *turns: int) -> None:
        self.gateway, self.intake, self.turns, self.seen = gateway, intake, list(turns), 0

    def __call__(self) -> bool:
        """Whether it was killed."""
        self.seen += self.gateway.is_alive
        if self.turns and self.seen >= self.turns[0] and self.gateway.is_alive:
            self.seen = 0
            self.turns.pop(0)
            self.gateway.kill()
            with self.intake.changed:
                self.intake.changed.notify_all()
            return True
        return False


def killing(tell: Callable[[str, bytes], None], killer: Killer) -> Callable[[str, bytes], None]:
    """A radio in the middle of whose frames the gateway dies."""

    def told(number: str, frame: bytes) -> None:
        tell(number, frame)
        killer()

    return told


def restart_until(gateway: Gateway, intake: Intake, done: Callable[[], bool]) -> int:
    """As systemd does, until the server has everything; how often it had been killed."""
    kills = 0
    gateway.start()
    while not done():
        intake.wait(lambda: done() or not gateway.is_alive)
        if not gateway.is_alive:
            kills += 1
            assert gateway.ends() == -9
            gateway.start()
    return kills


def times(intake: Intake) -> list[datetime]:
    return sorted(each.measured_at for each in intake.kept.values() if each.measured_at)


def test_killed_while_it_measures_and_while_it_sends_everything_is_there_exactly_once(
    gateway: Gateway, intake: Intake
) -> None:
    device = meter(records=RECORDS)
    gateway.own(device)
    device.tell = killing(device.tell, Killer(gateway, intake, 30, 100))
    before, after = Killer(gateway, intake, 1, 2), Killer(gateway, intake, 1, 1)
    intake.before = lambda _intake: before() and cut()
    intake.after = lambda _intake: after() and cut()
    kills = restart_until(gateway, intake, lambda: len(intake.kept) == RECORDS)
    assert kills >= 4
    assert len(set(times(intake))) == len(intake.kept) == RECORDS
    assert numbers(list(intake.kept))


def cut() -> None:
    """The line is dead before the answer is written."""
    raise ConnectionResetError


def test_a_network_cut_a_restart_of_the_server_and_lost_answers_lose_and_double_nothing(
    gateway: Gateway, intake: Intake
) -> None:
    device = strap()
    gateway.own(device)
    gateway.start()
    device.measure("2A37", *map(pulse, range(60, 70)))
    intake.wait_for(kept=10)
    intake.__exit__()
    device.measure("2A37", *map(pulse, range(70, 80)))
    lost = [True, True]
    intake.after = lambda _intake: lost.pop() and cut() if lost else None
    intake.__enter__()
    intake.wait(lambda: not lost and len(intake.kept) == 20)
    assert gateway.stop() == 0
    assert [each.values[0].value for _number, each in sorted(intake.kept.items())] == [
        str(rate) for rate in range(60, 80)
    ]


def test_a_pairing_that_was_ended_stops_it_for_good_and_it_says_so_in_one_sentence(
    gateway: Gateway, intake: Intake, capsys: pytest.CaptureFixture[str]
) -> None:
    device = strap()
    gateway.own(device)
    intake.ended = True
    gateway.start()
    device.measure("2A37", pulse(61))
    assert gateway.ends() == 77
    assert gateway.said[-1].startswith("The practice ended this pairing")
    assert intake.kept == {}
    assert gateway.run("status") == 1
    told = capsys.readouterr().out
    assert "The practice ended this pairing" in told
    assert "Waiting to be sent: 1" in told


def test_nothing_of_the_patient_stands_in_what_it_says_or_where_others_may_look(
    gateway: Gateway, intake: Intake
) -> None:
    devices: list[Peripheral] = [cuff(), strap()]
    gateway.own(*devices, user=2)
    gateway.start()
    devices[0].measure("2A35", pressure(171, 93, minute=5, user=2))
    intake.wait_for(kept=1)
    assert gateway.stop() == 0
    said = "\n".join(gateway.said)
    assert "Readings sent: 1." in said
    assert not [
        each for each in ("171", "93", "EX Cuff", "blood", *(d.address for d in devices)) if each in said
    ]
    inside = [gateway.folder.path, *gateway.folder.path.rglob("*")]
    assert {path.name: path.stat().st_mode & 0o077 for path in inside if path.stat().st_mode & 0o077} == {}


def test_a_server_that_asks_to_wait_and_a_reading_it_refuses_hold_up_nothing(
    gateway: Gateway, intake: Intake
) -> None:
    device = strap()
    gateway.own(device)
    busy = [True]

    def before(_intake: Intake) -> None:
        if busy:
            busy.pop()
            raise Refused(429, "devices:busy", Retry_After="1")

    intake.before = before
    gateway.start()
    device.measure("2A37", pulse(66), pulse(0), pulse(67))
    intake.wait_for(kept=2)
    assert gateway.stop() == 0
    [refused] = gateway.folder.refused.iterdir()
    assert "not-plausible" in refused.read_text()
    assert "The server answered 429." in gateway.said
