"""A clinic for journeys: a real `teleward up`, and quick ways to people, visits and links."""

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from ground.processes import COMMAND, Up

from teleward.command import roles
from teleward.command.cluster import Cluster

TESTS = Path(__file__).parent.parent
CLERK = """
from teleward.command.house import open_house
with open_house():
    from journeys import neighbours  # what two practices do together
    from journeys.clerk import work
    work()
"""
EVERY_MODE = ("video", "audio", "text", "phone")


def an_address(name: str) -> str:
    """One that nobody here has had."""
    return f"{name}-{secrets.token_hex(4)}@mail.example"


def a_name(family: str) -> str:
    """A person whom one finds by their name alone."""
    return f"Frieda {family}{secrets.token_hex(3)}"


@dataclass(frozen=True)
class Someone:
    """A member of staff or a patient."""

    id: str
    name: str
    language: str


@dataclass(frozen=True)
class Booked:
    """A visit. `link` is the patient's invitation, `held` the id of its pass."""

    id: str
    host: Someone
    patient: Someone
    link: str
    held: str


class Clinic:
    """`origin` is where it serves. Everything made here stays until the worker ends: make your own people."""

    def __init__(self, environment: Mapping[str, str], *, command: Sequence[str] = COMMAND) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="teleward-clinic-"))
        self.folder.chmod(0o711)
        self.up = Up(self.folder / "home", environment=environment, command=command)
        self._clerk: subprocess.Popen[str] | None = None

    @property
    def origin(self) -> str:
        return self.up.origin

    @property
    def websocket_origin(self) -> str:
        return self.up.origin.replace("http", "ws", 1)

    def open(self) -> None:
        """Start serving and found the practice."""
        self.up.start()
        environment = self.up.environment | {"PYTHONPATH": str(TESTS), "TELEWARD_ORIGIN": self.origin}
        self._clerk = subprocess.Popen(
            [sys.executable, "-c", CLERK],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ask("practice", name="Praxis am Seepark", language="en")

    def close(self) -> None:
        """Stop everything and remove what it wrote."""
        if self._clerk is not None:
            assert self._clerk.stdin
            assert self._clerk.stdout
            self._clerk.stdin.close()
            self._clerk.wait(30)
            self._clerk.stdout.close()
        if self.up.process is not None and self.up.process.poll() is None:
            self.up.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """Kill -9 of the server, as in a crash; `restart` brings it back on the same address."""
        self.up.kill()

    def restart(self) -> float:
        """Start again after `kill`; seconds until it answers."""
        return self.up.start()

    def staff(
        self,
        name: str = "Dr. Rosa Lindqvist",
        *,
        roles: tuple[str, ...] = ("physician",),
        language: str = "en",
    ) -> Someone:
        """A new member of staff."""
        return Someone(
            self.ask("staff", name=name, roles=list(roles), language=language)["id"], name, language
        )

    def sign_in_link(self, person: Someone) -> str:
        """A one-time link; press its button to be signed in with two factors."""
        return str(self.ask("sign_in_link", person=person.id)["url"])

    def patient(self, name: str = "Jonas Ebbing", *, language: str = "en", email: str = "") -> Someone:
        """A new patient; the last word is the family name."""
        given, _, family = name.rpartition(" ")
        made = self.ask("patient", given_name=given, family_name=family, language=language, email=email)
        return Someone(made["id"], name, language)

    def account_link(self, patient: Someone, email: str) -> str:
        """An invitation to an account of the patient's own."""
        return str(self.ask("account", patient=patient.id, email=email)["url"])

    def visit(
        self,
        host: Someone | None = None,
        patient: Someone | None = None,
        *,
        modes: tuple[str, ...] = EVERY_MODE,
        minutes: int = 30,
        begins_in: int = 0,
    ) -> Booked:
        """A visit that can be held now, with the patient's link. `begins_in` minutes, not before -10."""
        host, patient = host or self.staff(), patient or self.patient()
        made = self.ask(
            "visit",
            host=host.id,
            host_name=host.name,
            patient=patient.id,
            patient_name=patient.name,
            language=patient.language,
            modes=list(modes),
            minutes=minutes,
            begins_in=begins_in,
        )
        link = self.ask("link", visit=made["id"])
        return Booked(made["id"], host, patient, link["url"], link["pass"])

    def new_link(self, visit: Booked) -> str:
        """Another link for the patient; the first one stops working."""
        return str(self.ask("link", visit=visit.id)["url"])

    def third(self, visit: Booked, role: str, name: str, *, language: str = "en") -> str:
        """The link of a third participant: interpreter, relative or clinician."""
        return str(self.ask("third", visit=visit.id, role=role, name=name, language=language)["url"])

    def revoke(self, visit: Booked) -> None:
        """Take the patient's link back."""
        self.ask("revoke", visit=visit.id, held=visit.held)

    def cancel(self, visit: Booked) -> None:
        """Cancel the visit in the name of the clinic."""
        self.ask("cancel", visit=visit.id)

    def deactivate(self, person: Someone) -> None:
        """End somebody's access."""
        self.ask("deactivate", person=person.id)

    def database(self) -> "psycopg.Connection[Any]":
        """A connection as the owner of the tables, to look at what was written."""
        cluster = Cluster(folder=self.up.home / "database")
        return psycopg.connect(roles.url(cluster.socket_folder, roles.OWNER), autocommit=True)

    def expire(self, visit: Booked) -> None:
        """Let the patient's link be too old."""
        with self.database() as connection:
            over = "UPDATE access_pass SET expires_at = now() - interval '1 minute' WHERE id = %s"
            connection.execute(over, [visit.held])

    def ask(self, do: str, **facts: Any) -> dict[str, Any]:
        """Let the clerk do one thing."""
        assert self._clerk is not None
        assert self._clerk.stdin
        assert self._clerk.stdout
        self._clerk.stdin.write(json.dumps({"do": do, **facts}) + "\n")
        self._clerk.stdin.flush()
        answer = dict(json.loads(self._clerk.stdout.readline()))
        if "wrong" in answer:
            raise AssertionError(f"The clerk could not do {do}:\n{answer['wrong']}")
        return answer
