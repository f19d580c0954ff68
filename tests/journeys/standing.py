"""One call for many tests: each shows something of its own and leaves it as it was."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from fakes.peripherals import chooses
from journeys.clinic import Booked, Clinic
from journeys.people import Clinician, Patient, consultation
from playwright.sync_api import Browser

Room = tuple[Booked, Clinician, Patient]


class Standing:
    """`room` is the call that stands; who failed in it leaves none to the next, nor to their second try."""

    def __init__(self, clinic: Clinic, browser: Browser) -> None:
        self.clinic, self.browser = clinic, browser
        self._room: Room | None = None
        self._open = ExitStack()

    def room(self) -> Room:
        """The one there is, or a new one."""
        if self._room is None:
            self._room = self._open.enter_context(one_call(self.clinic, self.browser))
        return self._room

    def fall(self) -> None:
        """It is over, also for its people."""
        self._room = None
        self._open.close()


@contextmanager
def one_call(clinic: Clinic, browser: Browser) -> Iterator[Room]:
    """A patient who can reach devices, in a call with a clinician; no page of theirs may fail."""
    visit = clinic.visit()
    with consultation(clinic, browser, visit=visit) as (clinician, patient):
        chooses(patient.page)
        for page in (clinician.page, patient.page):
            page.on("pageerror", lambda error: pytest.fail(str(error)))
        yield visit, clinician, patient
