"""What leaves the device as a picture: painted anew, taken sharply, with nothing else in it."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import Open
from .pictures import jpeg_with_a_place, png_with_a_comment

pytestmark = pytest.mark.journey

KIT = "/static/consult/kit"
LOOK_AT = """async ([kit, effect, level]) => {
  const { paint } = await import(`${kit}/effects/paint.js`);
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  const painted = await paint(effect, stream.getVideoTracks()[0], () => level);
  const look = async track => {
    const video = document.createElement("video");
    Object.assign(video, { muted: true, srcObject: new MediaStream([track]) });
    await video.play();
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 640, 480);
    return context.getImageData(0, 0, 640, 480).data;
  };
  const edges = (data, [left, top, right, bottom]) => {
    let sum = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) {
      const at = (y * 640 + x) * 4 + 1;
      sum += Math.abs(data[at] - data[at + 4]) > 24 ? 1 : 0;
    }
    return sum;
  };
  const [plain, changed] = [await look(stream.getVideoTracks()[0]), await look(painted.track)];
  painted.stop();
  stream.getTracks().forEach(track => track.stop());
  const corner = [0, 0, 120, 120], all = [0, 0, 639, 480];
  const colours = new Set();
  for (let at = 0; at < changed.length; at += 4) {
    colours.add(changed[at] << 16 | changed[at + 1] << 8 | changed[at + 2]);
  }
  return { plain: edges(plain, all), changed: edges(changed, all), corner: edges(changed, corner),
    plainCorner: edges(plain, corner), colours: colours.size, ended: painted.track.readyState };
}"""


def look_at(page: Page, effect: str, level: float = 0) -> dict[str, Any]:
    return page.evaluate(LOOK_AT, [KIT, effect, level])


def test_the_whole_blur_leaves_no_sharp_edge(open_room: Open) -> None:
    seen = look_at(open_room(), "blur")
    assert seen["plain"] > 200
    assert seen["changed"] < seen["plain"] / 20
    assert seen["ended"] == "ended"


def test_coarse_squares_leave_few_places_where_the_picture_changes(open_room: Open) -> None:
    seen = look_at(open_room(), "pixelate")
    squares = 32 * 480  # the most columns where neighbouring squares can differ
    assert 0 < seen["changed"] <= squares
    assert seen["colours"] <= 32 * 24 * 4  # the encoder may shade a square a little


def test_the_oval_blurs_the_corners_of_the_room(open_room: Open) -> None:
    seen = look_at(open_room(), "oval")
    assert seen["plainCorner"] > 20
    assert seen["corner"] < seen["plainCorner"] / 4


def test_the_drawn_face_needs_no_camera_and_opens_its_mouth_with_the_voice(open_room: Open) -> None:
    page = open_room()
    mouth = page.evaluate(
        """async kit => {
      const { draw } = await import(`${kit}/effects/avatar.js`);
      const rows = level => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
        const context = canvas.getContext("2d");
        draw({ context, small: context, middle: context, width: 640, height: 480, source: null, level });
        const data = context.getImageData(320, 240, 1, 140).data;
        let red = 0;
        for (let at = 0; at < data.length; at += 4) red += data[at] > 90 && data[at + 1] < 80 ? 1 : 0;
        return red;
      };
      return [rows(0), rows(0.5), rows(1)];
    }""",
        KIT,
    )
    assert 0 < mouth[0] < mouth[1] < mouth[2]


def test_wearing_the_drawn_face_closes_the_camera(open_room: Open) -> None:
    page = open_room("host")
    state = page.evaluate(
        """async () => {
      const { Own } = await import("/static/consult/room/own.js");
      const own = new Own(false);
      await own.toggleCamera();
      const camera = own.camera;
      await own.wear("avatar");
      const during = [camera.readyState, own.sent !== null, own.sent !== camera];
      await own.wear("none");
      return [...during, own.sent];
    }"""
    )
    assert state == ["ended", True, True, None]  # and back to the camera takes a press of its own


def test_a_photo_is_taken_at_the_cameras_best_and_carries_nothing_else(open_room: Open) -> None:
    page = open_room()
    width, height, head, whole = page.evaluate(
        """async kit => {
      const { still } = await import(`${kit}/photo.js`);
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
      const blob = await still(stream.getVideoTracks()[0]);
      const picture = await createImageBitmap(blob);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      const text = Array.from(bytes, byte => String.fromCharCode(byte)).join("");
      return [picture.width, picture.height, Array.from(bytes.slice(0, 3)), text.includes("Exif")];
    }""",
        KIT,
    )
    assert head == [0xFF, 0xD8, 0xFF]
    assert width * height > 320 * 240
    assert not whole


def prepare(page: Page, name: str, content: bytes) -> dict[str, Any]:
    return page.evaluate(
        """async ([kit, name, content]) => {
      const { prepare } = await import(`${kit}/files.js`);
      const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
      const ready = await prepare(new File([bytes], name), 2_000_000);
      if (!ready.blob) return ready;
      const sent = new Uint8Array(await ready.blob.arrayBuffer());
      const text = Array.from(sent, byte => String.fromCharCode(byte)).join("");
      return { name: ready.name, type: ready.blob.type, text, size: sent.length };
    }""",
        [KIT, name, base64.b64encode(content).decode()],
    )


def test_place_and_camera_are_gone_from_a_jpeg(open_room: Open) -> None:
    page = open_room()
    plain = bytes(
        page.evaluate("""async () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
      const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg"));
      return Array.from(new Uint8Array(await blob.arrayBuffer()));
    }""")
    )
    told = jpeg_with_a_place(plain)
    assert b"Exif" in told
    assert b"52.5200N" in told
    sent = prepare(page, "C:\\me\\arm.jpeg", told)
    assert sent["type"] == "image/jpeg"
    assert sent["name"] == "arm.jpg"
    assert "Exif" not in sent["text"]
    assert "52.5200N" not in sent["text"]


def test_comments_are_gone_from_a_png(open_room: Open) -> None:
    told = png_with_a_comment()
    assert b"taken at home" in told
    sent = prepare(open_room(), "rash.png", told)
    assert sent["type"] == "image/png"
    assert "taken at home" not in sent["text"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("letter.pdf", b"MZ\x90\x00 a program", "file-type"),
        ("drawing.svg", b"\x00\x01<svg onload=alert(1)>", "file-type"),
        ("empty.txt", b"", "file-empty"),
        ("large.txt", b"a" * 2_000_001, "file-too-large"),
        ("broken.jpg", b"\xff\xd8\xff\xe0 not a picture", "file-broken"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(
    open_room: Open, name: str, content: bytes, problem: str
) -> None:
    assert prepare(open_room(), name, content) == {"problem": problem}


def test_a_document_passes_as_it_is(open_room: Open) -> None:
    sent = prepare(open_room(), "letter.pdf", b"%PDF-1.7\nHello")
    assert sent["type"] == "application/pdf"
    assert sent["text"] == "%PDF-1.7\nHello"
