"""What becomes of the words: ticked, remembered, changed, asked for again."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from stage.live import until

from .conftest import Side, Stage

NEVER_HANDED = "RTCDtlsTransport.prototype.getRemoteCertificates = () => []"
# As Chromium does once in some hundred calls, when two of its threads tell the page of one transport.
NEVER_CONNECTED = "Object.defineProperty(RTCDtlsTransport.prototype, 'state', { get: () => 'connecting' })"


def ticked(clinician: Side, patient: Side) -> None:
    for one, other in ((clinician, patient), (patient, clinician)):
        one.checks(other, "ready")
    for one, other in ((clinician, patient), (patient, clinician)):
        one.page.evaluate("peer => call.tick(peer, 'same')", other.peer)
        one.checks(other, "verified")


def said_of_words(stage: Stage) -> list[Any]:
    return [one for one in stage.hub.room(stage.room).said if one["type"] == "words"]


def test_a_tick_is_told_to_the_other_side_and_to_the_server_with_evidence(
    stage: Stage, chromium: Browser
) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    ticked(clinician, patient)
    patient.until("peer => call.state.peers.get(peer).verification.theirs === 'same'", clinician.peer)
    until(lambda: {one["peer"] for one in said_of_words(stage)} == {clinician.peer, patient.peer})
    said = said_of_words(stage)
    assert {(one["outcome"], one["form"], one["run"]) for one in said} == {("same", "words", 1)}
    assert {len(one["evidence"]) for one in said} == {64}
    assert len({one["evidence"] for one in said}) == 1


def test_devices_that_verified_each_other_are_known_next_time(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    ticked(clinician, patient)
    patient.again()
    patient.sees(clinician)
    known = patient.checks(clinician, "known")
    assert known["since"] == patient.page.evaluate("new Date().toISOString().slice(0, 10)")
    assert known["words"] is None
    clinician.checks(patient, "verified")


def test_a_changed_certificate_is_unverified_until_a_person_asks_for_new_words(
    stage: Stage, chromium: Browser
) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    ticked(clinician, patient)
    patient.options["fresh"] = True
    patient.again()
    patient.sees(clinician)
    changed = clinician.checks(patient, "changed")
    assert changed["words"] is None
    clinician.page.evaluate("peer => call.startWords(peer)", patient.peer)
    one = clinician.checks(patient, "ready")
    assert one["words"] == patient.checks(clinician, "ready")["words"]
    assert one["run"] == 1 + 1


def test_a_patient_whose_clinician_changed_device_is_warned_before_anything_runs(
    stage: Stage, chromium: Browser
) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    ticked(clinician, patient)
    clinician.options["fresh"] = True
    clinician.again()
    clinician.sees(patient)
    clinician.checks(patient, "running")
    patient.checks(clinician, "changed")
    patient.page.evaluate("peer => call.startWords(peer)", clinician.peer)
    assert patient.checks(clinician, "ready")["words"] == clinician.checks(patient, "ready")["words"]


@pytest.mark.parametrize("how", [NEVER_HANDED, NEVER_CONNECTED], ids=["never-handed", "never-connected"])
def test_a_browser_that_says_less_of_its_transport_than_it_has_shows_the_same_words(
    stage: Stage, chromium: Browser, how: str
) -> None:
    context = stage.context(chromium)
    context.add_init_script(how)
    clinician, patient = stage.side(context, "clinician"), stage.side(chromium, "patient")
    one, other = clinician.checks(patient, "ready"), patient.checks(clinician, "ready")
    assert (one["words"], one["evidence"]) == (other["words"], other["evidence"])


def test_there_are_three_runs_and_no_more(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    shown = [clinician.checks(patient, "ready")["words"]["digits"]]
    for run, side in ((2, patient), (3, clinician)):
        other = clinician if side is patient else patient
        side.page.evaluate("peer => call.startWords(peer)", other.peer)
        found = "call.state.peers.get(peer).verification"
        test = f"([peer, run]) => {found}.run === run && {found}.words"
        shown.append(clinician.until(test, [patient.peer, run])["digits"])
        assert patient.until(test, [clinician.peer, run])["digits"] == shown[-1]
    clinician.page.evaluate("peer => call.startWords(peer)", patient.peer)
    clinician.until("() => heard.problems.some(({ code }) => code === 'words:runs')")
    assert len(set(shown)) == len(shown)
    assert clinician.checks(patient, "ready")["words"]["digits"] == shown[-1]
