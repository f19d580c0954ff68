"""Chat, files and photos, from one person straight to the other."""

import hashlib
from typing import Any

import pytest
from playwright.sync_api import Browser

from .conftest import Side, Stage

SEND = """([bytes, type, about]) => call.send(new Blob([new Uint8Array(bytes)], { type }), about)"""
SEND_LARGE = """async ([start, size, about]) => {
  const bytes = new Uint8Array(size).map((_, at) => (at * 31 + (at >> 8)) & 255);
  bytes.set(start);
  window.sentHash = await digest(bytes);
  await call.send(new Blob([bytes]), about);
}"""
PDF = b"%PDF-1.7\n1 0 obj\n"
JPEG = b"\xff\xd8\xff\xe0" + bytes(500)


@pytest.fixture
def pair(stage: Stage, chromium: Browser) -> tuple[Side, Side]:
    clinician, patient = stage.pair(chromium, chromium, media=False)
    for side, other in ((clinician, patient), (patient, clinician)):
        side.until("peer => call.state.peers.get(peer)?.link === 'connected'", other.peer)
    return clinician, patient


def send(side: Side, content: bytes, name: str, purpose: str = "file") -> Any:
    return side.page.evaluate(SEND, [list(content), "", {"name": name, "purpose": purpose}])


def first(side: Side, shelf: str) -> dict[str, Any]:
    side.until("shelf => heard[shelf].length > 0", shelf)
    return dict(side.page.evaluate("shelf => heard[shelf][0]", shelf))


def test_chat_arrives_once_and_is_acknowledged_and_the_server_never_sees_it(
    stage: Stage, pair: tuple[Side, Side]
) -> None:
    clinician, patient = pair
    patient.page.evaluate("call.say('Grüße 🙂 from the kitchen')")
    got = first(clinician, "chat")
    assert (got["peer"], got["text"]) == (patient.peer, "Grüße 🙂 from the kitchen")
    assert "kitchen" not in str(stage.hub.room(stage.room).said)
    assert "kitchen" not in " ".join(clinician.page.evaluate("call.log"))


def test_chat_written_during_a_reload_of_the_other_side_arrives(pair: tuple[Side, Side]) -> None:
    clinician, patient = pair
    clinician.page.evaluate("call.say('one')")
    first(patient, "chat")
    patient.page.goto("about:blank")
    clinician.page.evaluate("call.say('two')")
    patient.page.go_back()
    patient.page.wait_for_function("window.ready")
    patient.page.evaluate("options => begin(options)", patient.options)
    assert first(patient, "chat")["text"] == "two"


def test_a_file_arrives_whole_with_a_harmless_name(pair: tuple[Side, Side]) -> None:
    clinician, patient = pair
    send(patient, PDF, "../Befund.exe")
    got = first(clinician, "files")
    assert (got["name"], got["type"], got["size"]) == ("Befund.pdf", "application/pdf", len(PDF))
    assert got["hash"] == hashlib.sha256(PDF).hexdigest()
    assert first(patient, "delivered")["id"] == got["id"]


def test_a_large_file_passes_without_flooding_the_channel(pair: tuple[Side, Side]) -> None:
    clinician, patient = pair
    size = 12 * 1024 * 1024
    patient.page.evaluate(SEND_LARGE, [list(PDF), size, {"name": "large.pdf", "purpose": "file"}])
    clinician.until("() => heard.files.length === 1", seconds=60)
    assert first(clinician, "files")["hash"] == patient.page.evaluate("sentHash")


@pytest.mark.parametrize(
    ("content", "purpose", "code"),
    [
        (b"MZ\x90\x00", "file", "file:type"),
        (b"", "file", "file:empty"),
        (PDF, "photo", "file:type"),
    ],
)
def test_what_may_not_be_sent_is_refused_with_its_code(
    pair: tuple[Side, Side], content: bytes, purpose: str, code: str
) -> None:
    _, patient = pair
    send(patient, content, "x.pdf", purpose)
    assert first(patient, "refused")["code"] == code


def test_more_than_twenty_megabytes_are_refused(pair: tuple[Side, Side]) -> None:
    _, patient = pair
    patient.page.evaluate("call.send(new Blob([new Uint8Array(20971521)]), {name: 'x', purpose: 'file'})")
    assert first(patient, "refused")["code"] == "file:too-large"


def test_the_receiver_may_say_no(pair: tuple[Side, Side]) -> None:
    clinician, patient = pair
    clinician.page.evaluate("window.askFirst = true")
    send(patient, PDF, "x.pdf")
    offered = first(clinician, "offered")
    clinician.page.evaluate("([peer, id]) => call.answerFile(peer, id, false)", [patient.peer, offered["id"]])
    refused = first(patient, "refused")
    assert (refused["id"], refused["code"]) == (offered["id"], "file:refused")
    assert clinician.page.evaluate("heard.files") == []


def test_a_photo_comes_on_request(pair: tuple[Side, Side]) -> None:
    clinician, patient = pair
    clinician.page.evaluate("peer => call.askForPhoto(peer)", patient.peer)
    assert first(patient, "asked")["peer"] == clinician.peer
    photo = "new Blob([new Uint8Array(bytes)])"
    patient.page.evaluate(f"([peer, bytes]) => call.answerPhoto(peer, {photo})", [clinician.peer, list(JPEG)])
    assert first(clinician, "photos") == {"size": len(JPEG), "type": "image/jpeg"}


def test_a_camera_turned_on_later_needs_no_new_negotiation(stage: Stage, pair: tuple[Side, Side]) -> None:
    clinician, patient = pair
    said = stage.hub.room(stage.room).said
    before = sum(one.get("body", {}).get("kind") == "offer" for one in said)
    patient.page.evaluate("""async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      await call.setTrack('video', stream.getVideoTracks()[0]);
    }""")
    clinician.sees(patient)
    assert sum(one.get("body", {}).get("kind") == "offer" for one in said) == before
    assert clinician.page.evaluate("peer => call.state.peers.get(peer).media.camera", patient.peer)
