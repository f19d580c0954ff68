"""Kill -9 of server and database while readings come in: each that was acknowledged is there exactly once."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from ground.processes import Up, all_end
from stage.home import Gateway

from teleward.command import roles
from teleward.command.cluster import Cluster

TESTS = Path(__file__).parent.parent
MAKE = """
from teleward.command.house import open_house
with open_house():
    from stage.home import code_for
    from stage.visits import set_stage
    print(code_for(set_stage()).code)
"""
AT_ONCE = 20
BEFORE_A_KILL = 4  # batches


@dataclass
class Wire:
    """The server over HTTP."""

    origin: str

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        with_type = {"content-type": "application/json", **headers}
        return httpx.post(f"{self.origin}{path}", headers=with_type, timeout=30, **sent)


@dataclass
class Sender:
    """Sends batch after batch until the server is gone; what was not answered waits for the next time."""

    gateway: Gateway
    origin: str
    acknowledged: list[int] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    last: list[dict[str, Any]] = field(default_factory=list)

    def send(self, most: int = 1_000_000) -> None:
        with suppress(httpx.HTTPError):
            for _batch in range(most):
                self.waiting = self.waiting or [self.gateway.reading() for _one in range(AT_ONCE)]
                answer = self._posted(self.waiting)
                if answer.status_code != 200:
                    return
                self._heard(answer.json()["answers"])

    def says_it_again(self) -> set[str]:
        """What becomes of a batch whose answer got lost on the way."""
        return {each["status"] for each in self._posted(self.last).json()["answers"]}

    def _posted(self, readings: list[dict[str, Any]]) -> httpx.Response:
        return self.gateway.send(*readings, token=self.gateway.token(aud=self.origin))

    def _heard(self, answers: list[dict[str, Any]]) -> None:
        assert {each["status"] for each in answers} <= {"kept", "already"}
        self.acknowledged += [each["sequence"] for each in answers]
        self.last, self.waiting = self.waiting, []


@pytest.fixture
def up(place: Path) -> Iterator[Up]:
    up = Up(place / "home")
    up.start()
    yield up
    up.stop()


def code(up: Up) -> str:
    environment = up.environment | {"PYTHONPATH": str(TESTS), "TELEWARD_ORIGIN": up.origin}
    made = subprocess.run(
        [sys.executable, "-c", MAKE], env=environment, capture_output=True, text=True, check=True
    )
    return made.stdout.split()[-1]


def killed(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, 9)


def paired(up: Up) -> Sender:
    sender = Sender(Gateway(Wire(up.origin)), up.origin)
    assert sender.gateway.pair(code(up)).status_code == 200
    return sender


def kept(up: Up, sender: Sender) -> list[int]:
    with roles.connect(Cluster(folder=up.home / "database").socket_folder, roles.DATABASE) as owner:
        asked = "SELECT sequence FROM devices_homereading WHERE pairing = %s ORDER BY 1"
        return [int(str(number)) for (number,) in owner.execute(asked, [sender.gateway.pairing]).fetchall()]


def test_each_acknowledged_reading_is_there_exactly_once_whoever_is_killed(up: Up) -> None:
    one, other = paired(up), paired(up)
    for whom in ("everything", "the database"):
        assert up.process is not None
        victims = up.children() | ({up.process.pid} if whom == "everything" else set())
        sending = threading.Thread(target=other.send)  # has a batch under way, whenever it is
        sending.start()
        one.send(BEFORE_A_KILL)
        killed(victims)  # the last answer is a moment old
        killed(up.children())
        assert all_end(victims)
        sending.join()
        up.process.kill()
        up.process.wait()
        up.start()
        assert one.says_it_again() == {"already"}
    other.send(1)
    for sender in (one, other):
        assert kept(up, sender) == list(range(1, sender.gateway.sequence))
        assert set(sender.acknowledged) == set(kept(up, sender))
