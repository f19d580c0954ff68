import shutil

import pytest
from playwright.sync_api import Browser

from .conftest import Stage

if shutil.which("firefox-esr") is None:
    pytest.fail("These tests need Firefox: apt-get install firefox-esr", pytrace=False)


@pytest.mark.parametrize("leader", ["chromium", "firefox"])
def test_firefox_and_chromium_see_hear_and_verify_each_other(
    stage: Stage, chromium: Browser, firefox: Browser, leader: str
) -> None:
    first, second = (chromium, firefox) if leader == "chromium" else (firefox, chromium)
    clinician, patient = stage.pair(first, second)
    clinician.hears()
    patient.hears()
    assert clinician.checks(patient, "ready")["words"] == patient.checks(clinician, "ready")["words"]
    patient.page.evaluate("call.say('hello')")
    clinician.until("() => heard.chat.length === 1")
    assert clinician.page.evaluate("peer => call.state.peers.get(peer).path", patient.peer) == "direct"
    patient.again()
    patient.sees(clinician)
