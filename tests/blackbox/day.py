"""A practice that is served, everybody who is busy in it, and what they have made so far today."""

import sys
from pathlib import Path

from blackbox.browser import Browser
from journeys.clinic import Clinic

import teleward

LAUNCH = """
import os, sys
from datetime import timedelta
from pathlib import Path
from teleward.kernel import clock
true, moved = clock.now, Path(os.environ["MOVED_CLOCK"])
clock.now = lambda: true() + timedelta(seconds=float(moved.read_text() or 0))
from teleward.command.main import main
sys.exit(main())
"""
PASSWORD = "grünes Fahrrad im Keller"


class Somebody:
    """Who somebody is, and their browser."""

    def __init__(self, origin: str, *, kind: str = "Nobody", identifier: str = "", email: str = "") -> None:
        self.kind, self.id, self.email = kind, identifier, email
        self.browser = Browser(origin)
        self.get, self.post, self.say = self.browser.get, self.browser.post, self.browser.say


class Day:
    """What the cases need from each other: people, and in `made` the ids and links of what was made."""

    def __init__(self, clinic: Clinic, clock: Path) -> None:
        self.clinic, self.clock, self.origin = clinic, clock, clinic.origin
        self.made: dict[str, str] = {}
        self.nobody, self.newcomer = Somebody(self.origin), Somebody(self.origin)
        self.guest = Somebody(self.origin, kind="Guest")
        self.patient = Somebody(self.origin, kind="PatientAccount")
        self.doctor = self._staff("physician", "Dr. Rosa Lindqvist")
        self.colleague = self._staff("physician", "Dr. Wei Chen")
        self.nurse = self._staff("nurse", "Nils Berger")
        self.desk = self._staff("reception", "Olaf Brandt")
        self.admin = self._staff("administrator", "Ada Kern")
        self.officer = self._staff("privacy-officer", "Pia Sommer")
        self.made |= {"doctor": self.doctor.id, "colleague": self.colleague.id, "nurse": self.nurse.id}

    def who(self, name: str) -> Somebody:
        somebody: Somebody = getattr(self, name)
        return somebody

    def people(self) -> list[Somebody]:
        return [one for one in vars(self).values() if isinstance(one, Somebody)]

    def _staff(self, role: str, name: str) -> Somebody:
        made = self.clinic.ask("staff", name=name, roles=[role], language="en")
        somebody = Somebody(self.origin, kind="Staff", identifier=made["id"], email=made["email"])
        somebody.browser.press(self.clinic.ask("sign_in_link", person=made["id"])["url"])
        assert somebody.browser.enrol().status_code == 200, name
        assert somebody.browser.sign_in().status_code == 200, name
        self.made[f"link_{role}"] = self.clinic.ask("sign_in_link", person=made["id"])["url"]
        return somebody


def served(clock: Path) -> Clinic:
    """A practice whose clock the test can move."""
    clock.write_text("0")
    ours = {"MOVED_CLOCK": str(clock), "PYTHONPATH": str(Path(teleward.__file__).parent.parent)}
    return Clinic(ours, command=[sys.executable, "-P", "-c", LAUNCH])
