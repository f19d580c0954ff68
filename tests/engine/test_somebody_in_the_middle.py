"""A real attack on the signalling path: a third page with two peer connections that passes everything on."""

from playwright.sync_api import Browser, Page

from .conftest import Side, Stage


def attacked(stage: Stage, browser: Browser, how: str) -> tuple[Side, Side, Page]:
    middle = stage.context(browser).new_page()
    middle.goto(f"{stage.hub.origin}/middle.html")
    middle.wait_for_function("window.ready")
    middle.evaluate("([room, how]) => splice(room, how)", [stage.room, how])
    clinician, patient = stage.pair(browser, browser)
    return clinician, patient, middle


def test_words_carried_on_verbatim_are_a_hard_error_although_media_flow(
    stage: Stage, chromium: Browser
) -> None:
    clinician, patient, _ = attacked(stage, chromium, "verbatim")
    found = patient.checks(clinician, "different")
    assert found["because"] == "commit"
    assert found["words"] is None
    assert [one["code"] for one in patient.page.evaluate("heard.problems")] == ["words:commit"]
    assert clinician.checks(patient, "different")["because"] == "commit"


def test_the_protocol_on_both_legs_shows_different_words(stage: Stage, chromium: Browser) -> None:
    clinician, patient, middle = attacked(stage, chromium, "protocol")
    one = clinician.checks(patient, "ready")
    other = patient.checks(clinician, "ready")
    for form in ("en", "de", "digits", "emoji"):
        assert one["words"][form] != other["words"][form]
    assert one["evidence"] != other["evidence"]
    assert len(middle.evaluate("Object.keys(shown)")) == len(stage.sides)


def test_without_anybody_in_between_the_same_harness_shows_the_same_words(
    stage: Stage, chromium: Browser
) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    assert clinician.checks(patient, "ready")["words"] == patient.checks(clinician, "ready")["words"]


def test_a_server_between_two_people_who_said_different_loses_both(stage: Stage, chromium: Browser) -> None:
    clinician, patient, _ = attacked(stage, chromium, "protocol")
    clinician.checks(patient, "ready")
    patient.checks(clinician, "ready")
    clinician.page.evaluate("peer => call.tick(peer, 'different')", patient.peer)
    assert clinician.checks(patient, "different")["because"] == "person"
