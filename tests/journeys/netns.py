"""A network of our own: the patient, the clinician, and between them the clinic, which is also the router.

Nothing of this machine's own network is touched, and the namespaces go with the processes that hold them. The
way to the patient can be cut for everything, and the patient can move to another address.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ground.browsers import CHROMIUM_FLAGS, DEVICES, SAYS_YES, chromium_program
from ground.processes import COMMAND, Up
from journeys.clinic import Booked, Clinic
from journeys.people import Clinician, Patient, person
from playwright.sync_api import Browser, Playwright

NEEDED = (
    "This takes the network away from one browser and gives it another address, for which it needs network "
    "namespaces: run it as root, in a container with --cap-add NET_ADMIN --cap-add SYS_ADMIN, after "
    "apt-get install iproute2 nftables util-linux. What was missing here: "
)
CLINIC = "10.9.0.1"
FIRST_NUMBER = 2
CUT = """
table inet lab {
  chain in { type filter hook input priority 0; iifname "to-patient" drop; }
  chain out { type filter hook output priority 0; oifname "to-patient" drop; }
  chain through { type filter hook forward priority 0; iifname "to-patient" drop; oifname "to-patient" drop; }
}
"""
HEALTHY = """
import ssl, sys, urllib.request
urllib.request.urlopen(sys.argv[1], timeout=5, context=ssl._create_unverified_context())
"""

SIGN_IN = """
import http.client, json, re, ssl, sys, urllib.parse
from http.cookies import SimpleCookie
parts = urllib.parse.urlsplit(sys.argv[1])
cookies, answer = SimpleCookie(), ""
for method in ("GET", "POST"):
    connection = http.client.HTTPSConnection(
        parts.netloc, source_address=("127.0.0.1", 0), context=ssl._create_unverified_context()
    )
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)', answer)
    headers = {
        "Cookie": "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
        "Origin": f"https://{parts.netloc}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]}) if token else None
    connection.request(method, parts.path, body, headers)
    got = connection.getresponse()
    for header in got.headers.get_all("Set-Cookie") or ():
        cookies.load(header)
    answer = got.read().decode()
print(json.dumps({name: one.value for name, one in cookies.items()}))
"""


class Place:
    """One namespace, held open by a sleeping process."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sleep", "infinity"]
        )
        ours = Path("/proc/self/ns/net").readlink()
        while self._holder.poll() is None and Path(self._path).readlink() == ours:
            time.sleep(0.005)
        if self._holder.poll() is not None:
            raise AssertionError(NEEDED + "the right to make a namespace.")
        self.do("ip link set lo up")

    @property
    def number(self) -> int:
        """The process that another command may name as this namespace."""
        return self._holder.pid

    @property
    def _path(self) -> str:
        return f"/proc/{self.number}/ns/net"

    @property
    def enter(self) -> list[str]:
        """What to put before a command to have it run in here."""
        return ["nsenter", f"--net={self._path}", "--"]

    def do(self, command: str, *, given: str = "") -> None:
        """Run a command in here."""
        ran = subprocess.run(
            [*self.enter, *command.split()], input=given, text=True, capture_output=True, check=False
        )
        if ran.returncode:
            raise AssertionError(f"{NEEDED}{command}: {ran.stderr.strip()}")

    def close(self) -> None:
        """Give it up."""
        self._holder.kill()
        self._holder.wait()


class Network:
    """`patient` (10.9.1.2) and `clinician` (10.9.2.2) meet the clinic, and each other, at 10.9.0.1."""

    def __init__(self) -> None:
        for tool in ("setpriv", "unshare", "nsenter", "ip", "nft"):
            if shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
                raise AssertionError(NEEDED + tool)
        if os.geteuid() != 0:
            raise AssertionError(NEEDED + "root.")
        self.clinic, self.patient, self.clinician = Place(), Place(), Place()
        self._number = FIRST_NUMBER
        self.clinic.do(f"ip addr add {CLINIC}/32 dev lo")
        self.clinic.do("tee /proc/sys/net/ipv4/ip_forward", given="1")
        self._join(self.patient, "to-patient", "10.9.1")
        self._join(self.clinician, "to-clinician", "10.9.2")

    def _join(self, place: Place, name: str, prefix: str) -> None:
        self.clinic.do(f"ip link add {name} type veth peer name way netns {place.number}")
        self.clinic.do(f"ip addr add {prefix}.1/24 dev {name}")
        self.clinic.do(f"ip link set {name} up")
        place.do("ip link set way up")
        self._settle(place, prefix, FIRST_NUMBER)

    @staticmethod
    def _settle(place: Place, prefix: str, number: int) -> None:
        place.do(f"ip addr add {prefix}.{number}/24 dev way")
        place.do(f"ip route add default via {prefix}.1")

    def cut(self) -> None:
        """From now on nothing comes from the patient and nothing gets there."""
        self.clinic.do("nft -f -", given=CUT)

    def mend(self) -> None:
        """Everything passes again."""
        self.clinic.do("nft delete table inet lab")

    def move(self) -> None:
        """The patient's device leaves its network and joins another one, as from Wi-Fi to mobile."""
        self.patient.do(f"ip addr del 10.9.1.{self._number}/24 dev way")
        self._number += 1
        self._settle(self.patient, "10.9.1", self._number)

    def close(self) -> None:
        """Let go of the namespaces; their links go with them."""
        for place in (self.patient, self.clinician, self.clinic):
            place.close()


class FarUp(Up):
    """`teleward up` in the middle of the network, with TLS."""

    def __init__(self, home: Path, place: Place, folder: Path) -> None:
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        _make_certificate(key, certificate)
        options = ("--host", CLINIC, "--tls-cert", str(certificate), "--tls-key", str(key))
        super().__init__(home, *options, command=[*place.enter, *COMMAND])
        self.origin = f"https://{CLINIC}:{self.port}"
        self._place = place

    def answers(self) -> bool:
        if "Teleward is at" not in self.output.read_text():  # asking costs an interpreter each time
            return False
        asked = [*self._place.enter, sys.executable, "-c", HEALTHY, f"{self.origin}/healthz"]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0


class FarClinic(Clinic):
    """A clinic that only the two people in the network can reach."""

    def __init__(self, place: Place) -> None:
        super().__init__({})
        self.place = place
        self.up = FarUp(self.folder / "home", place, self.folder)


@contextmanager
def network() -> Iterator[Network]:
    """The three namespaces, connected; gone at the end."""
    made = Network()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def far_clinic(place: Place) -> Iterator[FarClinic]:
    """A clinic that serves in this namespace."""
    clinic = FarClinic(place)
    try:
        clinic.open()
        yield clinic
    finally:
        clinic.close()


@contextmanager
def browser_at(playwright: Playwright, place: Place, *, windows: bool = False) -> Iterator[Browser]:
    """Chromium with its network in this namespace."""
    with tempfile.TemporaryDirectory(prefix="teleward-browser-") as folder:
        wrapper = Path(folder, "chromium")
        entered = " ".join([*place.enter, chromium_program(windows=windows)])
        wrapper.write_text(f'#!/bin/sh\nexec {entered} "$@"\n')
        wrapper.chmod(0o755)
        flags = [*CHROMIUM_FLAGS, *DEVICES, *SAYS_YES, "--ignore-certificate-errors"]
        browser = playwright.chromium.launch(executable_path=wrapper, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def _make_certificate(key: Path, certificate: Path) -> None:
    made = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=clinic"
    )
    names = ["-addext", f"subjectAltName=IP:{CLINIC}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made.split(), *names], check=True, capture_output=True)


class FarClinician(Clinician):
    """Signs in with the link on the server's terminal, which counts on the server's own machine only."""

    def sign_in(self, clinic: Clinic, visit: Booked) -> "FarClinician":
        assert isinstance(clinic, FarClinic)
        link = clinic.sign_in_link(visit.host)
        signed_in = subprocess.run(
            [*clinic.place.enter, sys.executable, "-c", SIGN_IN, link],
            capture_output=True,
            text=True,
            check=True,
        )
        for name, value in json.loads(signed_in.stdout).items():
            self.page.context.add_cookies([{"name": name, "value": value, "url": clinic.origin}])
        return self


@contextmanager
def far_consultation(clinic: FarClinic, one: Browser, other: Browser) -> Iterator[tuple[Clinician, Patient]]:
    """A clinician and a patient, each in their own network, connected with camera and microphone."""
    visit = clinic.visit()
    with person(one) as here, person(other) as there:
        clinician = FarClinician(here).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(there).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        patient.is_in("call")
        yield clinician, patient
