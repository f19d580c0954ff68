"""The room as patient and clinician come by it, looked at step by step."""

from journeys.looking import Eye
from journeys.measuring import Measures
from journeys.people import Clinician, Patient


def before_the_call(eye: Eye, patient: Patient) -> None:
    eye.at("room-start")
    patient.press("decline")
    eye.at("room-decline")
    patient.press("back")
    patient.press("check")
    patient.press("check-camera")
    eye.page.locator("[data-check=camera] video:not([hidden])").wait_for()
    eye.at("room-check")
    patient.press("skip", within="[data-view=run]")
    patient.press("camera")
    eye.page.locator("[data-part=preview]:not([hidden])").wait_for()
    eye.at("room-ready")
    patient.press("unveil")
    patient.press("microphone")
    patient.press("arrive")
    patient.is_in("lobby")
    eye.at("room-lobby")


def in_the_call(eye: Eye, patient: Patient, clinician: Clinician, desk: Eye) -> None:
    eye.at("room-guest")
    desk.at("room-host")
    patient.press("looks")
    eye.page.locator("#looks").wait_for()
    eye.at("room-looks")
    patient.press("looks")
    Measures(patient).types_nothing_yet()
    eye.at("room-measure")
    clinician.writes("1 - 0 - 1")
    patient.reads("1 - 0 - 1")
    eye.at("room-talk")
    patient.press("chat")
    clinician.press("photo")
    patient.press("photo-open")
    patient.press("photo-take")
    eye.page.locator("[data-press=photo-send]").wait_for()
    eye.at("room-photo")
