"""Kill -9 of server and database while readings come in: each that was acknowledged is there exactly once."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
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
    enough: threading.Event = field(default_factory=threading.Event)

    def send(self) -> None:
        with suppress(httpx.HTTPError):
            for number in count(1):
                self.waiting = self.waiting or [self.gateway.reading() for _one in range(AT_ONCE)]
                answer = self.gateway.send(*self.waiting, token=self.gateway.token(aud=self.origin))
                if answer.status_code != 200:
                    break
                self._heard(answer.json()["answers"])
                if number == BEFORE_A_KILL:
                    self.enough.set()
        self.enough.set()

    def _heard(self, answers: list[dict[str, Any]]) -> None:
        assert {each["status"] for each in answers} <= {"kept", "already"}
        self.acknowledged += [each["sequence"] for each in answers]
        self.waiting = []


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
    assert all_end(pids)


def test_each_acknowledged_reading_is_there_exactly_once_whoever_is_killed(up: Up) -> None:
    sender = Sender(Gateway(Wire(up.origin)), up.origin)
    assert sender.gateway.pair(code(up)).status_code == 200
    for whom in ("everything", "the database"):
        sender.enough.clear()
        sending = threading.Thread(target=sender.send)
        sending.start()
        assert sender.enough.wait(60)
        assert up.process is not None
        killed(up.children() | ({up.process.pid} if whom == "everything" else set()))
        sending.join()
        up.process.kill()
        up.process.wait()
        up.start()
    last = sender.gateway.send(*sender.waiting, token=sender.gateway.token(aud=up.origin))
    assert last.status_code == 200
    with roles.connect(Cluster(folder=up.home / "database").socket_folder, roles.DATABASE) as owner:
        rows = owner.execute("SELECT sequence FROM devices_homereading ORDER BY 1").fetchall()
    assert len(sender.acknowledged) >= 2 * BEFORE_A_KILL * AT_ONCE
    assert [number for (number,) in rows] == list(range(1, sender.gateway.sequence))
    assert set(sender.acknowledged) <= {number for (number,) in rows}
