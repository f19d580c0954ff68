from playwright.sync_api import Browser

from .conftest import Stage
from .test_recovery import weathered

TOO_LITTLE = 9_000  # bytes a second


def test_a_narrow_way_out_makes_pictures_smaller_and_says_why(stage: Stage, chromium: Browser) -> None:
    clinician = stage.side(chromium, "clinician")
    patient, weather = weathered(stage, chromium, "patient")
    clinician.sees(patient)
    patient.sees(clinician)
    weather.set(offline=False, upload=TOO_LITTLE)
    patient.until("() => heard.quality.length > 0", seconds=60)
    change = patient.page.evaluate("heard.quality[0]")
    assert change["mode"] == "low-video"
    assert change["because"] in {"bandwidth", "loss", "delay"}
    clinician.until("peer => call.state.peers.get(peer).media.mode !== 'video'", patient.peer)
