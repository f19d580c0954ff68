"""A clock that was moved is written down; the only thing a test may move is the clock itself."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.members import listening

from teleward.access.grants import Action
from teleward.access.operations import clock as clocks
from teleward.access.operations.clock import notice_clock_change, notice_entries_ahead
from teleward.access.operations.people import system_grant
from teleward.kernel import clock
from teleward.kernel.clock import Drift
from teleward.web.vigil import Vigil

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clocks:
    """A wall clock that can be set and a steady one that cannot."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON, 1000.0

    def drift(self) -> Drift:
        return Drift(wall=lambda: self.wall, steadily=lambda: self.steady)

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds


def test_time_that_passes_is_no_change() -> None:
    clocks = Clocks()
    drift = clocks.drift()
    clocks.pass_by(86_400)
    assert drift.moved == timedelta()


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_that_is_set_is_seen_whichever_way(seconds: int) -> None:
    clocks = Clocks()
    drift = clocks.drift()
    clocks.pass_by(60)
    clocks.wall += timedelta(seconds=seconds)
    assert drift.moved == timedelta(seconds=seconds)
    drift.accept()
    assert drift.moved == timedelta()


def test_small_steps_add_up_until_they_are_told() -> None:
    clocks = Clocks()
    drift = clocks.drift()
    for _step in range(4):
        clocks.wall += timedelta(seconds=2)
    assert drift.moved == timedelta(seconds=8)


@pytest.mark.django_db
def test_a_moved_clock_stands_in_the_ledger_with_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    assert notice_clock_change(moved=timedelta(minutes=-3))
    assert heard[-1].action == "audit:clock:change"
    assert heard[-1].detail == {"moved": -180}
    assert heard[-1].outcome == "done"


@pytest.mark.django_db
def test_what_a_time_server_does_every_day_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    assert not notice_clock_change(moved=timedelta(seconds=2))
    assert heard == []


@pytest.mark.django_db
def test_an_entry_of_the_future_shows_that_the_clock_went_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notice_entries_ahead()
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr("teleward.audit.ledger.now", lambda: later)
    system_grant(action=Action.STAFF_LIST, organisation=None)
    monkeypatch.undo()
    heard = listening(monkeypatch)
    assert notice_entries_ahead()
    assert heard[-1].detail["newest"] == later.isoformat()
    assert -3601 <= int(str(heard[-1].detail["moved"])) <= -3595


@pytest.mark.django_db
def test_the_vigil_tells_each_change_once(monkeypatch: pytest.MonkeyPatch) -> None:
    vigil, moved = Vigil(), Clocks()
    monkeypatch.setattr(vigil, "_drift", moved.drift())
    heard = listening(monkeypatch)
    vigil.look()
    moved.wall += timedelta(hours=2)
    vigil.look()
    vigil.look()
    assert [entry.detail for entry in heard if entry.outcome == "done"] == [{"moved": 7200}]
    assert timedelta(minutes=1) > clocks.TOLERATED
