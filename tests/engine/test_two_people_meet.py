from playwright.sync_api import Browser

from .conftest import Stage


def test_both_see_and_hear_each_other(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    clinician.hears()
    patient.hears()


def test_both_are_shown_the_same_words(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    one = clinician.checks(patient, "ready")
    other = patient.checks(clinician, "ready")
    assert one["words"] == other["words"]
    assert len(one["words"]["de"]) == len(one["words"]["en"]) == 4
    assert one["evidence"] == other["evidence"]
    assert one["run"] == other["run"] == 1
