"""A real server process, killed in the middle of a call and started again; and what its log holds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import BinaryIO

import pytest
from ground.processes import free_port
from stage.live import Dial, Pair, Practice, until

HOST, PATIENT = "a" * 32, "b" * 32
CANARY = "canary-in-the-body-7f3a"

RUN = (
    "import uvicorn; from teleward.web.asgi import SERVER as server; "
    "server |= {'access_log': True, 'log_level': 'info', 'host': '127.0.0.1'}; "
    "uvicorn.run('teleward.web.asgi:app', **server"
)


class Process:
    """The application under uvicorn in a process of its own, with all its output kept."""

    def __init__(self, log: BinaryIO) -> None:
        self.log = log
        self.port = free_port()

    def up(self) -> None:
        run = f"{RUN}, port={self.port})"
        self.process = subprocess.Popen(
            [sys.executable, "-c", run], stdout=self.log, stderr=self.log, env=os.environ.copy()
        )
        until(self._answers)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=1)) as asked:
                asked.request("GET", "/healthz")
                return asked.getresponse().status == 200
        except OSError:
            return False


@pytest.fixture
def house(fresh_database: str, tmp_path: Path) -> Iterator[Process]:
    with (tmp_path / "server.log").open("wb") as log:
        process = Process(log)
        process.up()
        yield process
        if process.process.poll() is None:
            process.stop()


def test_a_killed_server_puts_everybody_back_in_their_seats(
    pair: Pair, house: Process, practice: Practice, dial: Dial
) -> None:
    house.kill()
    house.up()
    host, patient = dial(practice.host_cookie), dial(practice.patient_cookie)
    patient.say("hello", version=1, peer=PATIENT)
    assert (patient.hear("welcome")["admitted"], patient.heard[-1]["seat"]) == (True, 2)
    host.say("hello", version=1, peer=HOST)
    assert host.hear("welcome")["peers"][0]["name"] == "Jonas Weber"
    patient.say("relay", to=HOST, id=1, body={"kind": "offer"})
    host.hear("relay")


def test_the_servers_output_holds_no_body_no_name_and_no_secret(
    pair: Pair, house: Process, practice: Practice, dial: Dial, tmp_path: Path
) -> None:
    pair.host.say("relay", to=PATIENT, id=1, body={"kind": "offer", "sdp": CANARY})
    pair.patient.hear("relay")
    pair.patient.connection.send(f'{{"type": "relay", "sdp": "{CANARY}"')
    pair.patient.say("arrive", mode="video", company=[CANARY])
    pair.patient.say("words", peer="d" * 32, run=1, outcome="same", form="words", evidence="ab" * 32)
    pair.patient.hear("error", code="live:malformed")
    dial("__Host-visit=guessed-secret").code()
    assert house.stop() in (0, -15)
    text = (tmp_path / "server.log").read_text()
    assert "Uvicorn running" in text
    secrets = [
        cookie.partition("=")[2].rpartition(".")[2]
        for cookie in (practice.host_cookie, practice.patient_cookie)
    ]
    for canary in (CANARY, "Weber", "Haddad", "guessed-secret", *secrets):
        assert canary not in text


def test_a_process_that_is_asked_to_stop_stops_cleanly(house: Process, pair: Pair) -> None:
    assert house.stop() in (0, -15)
    assert pair.host.code() == 1012
