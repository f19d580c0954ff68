"""The guest's way to the waiting room."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Open, until
from .scenes import enter, meet

pytestmark = pytest.mark.journey


def asked(page: Page, what: str) -> list[Any]:
    """What the page asked of the call, by name."""
    return page.evaluate(
        "name => call.asked.filter(([what]) => what === name).map(([, ...rest]) => rest)", what
    )


def watch_permissions(page: Page) -> None:
    page.evaluate("""() => {
      window.opened = 0;
      const really = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = wish => { window.opened += 1; return really(wish); };
    }""")


def test_no_device_is_opened_before_the_button_that_names_it(open_room: Open) -> None:
    page = open_room()
    watch_permissions(page)
    page.get_by_test_id("check").click()
    until(page, "document.querySelector('[data-check=camera][data-result=now]')")
    assert page.evaluate("opened") == 0
    page.get_by_test_id("check-camera").click()
    until(page, "opened === 1")


def test_the_check_ends_in_one_sentence_and_a_mode_that_works(open_room: Open) -> None:
    page = open_room()
    page.get_by_test_id("check").click()
    page.get_by_test_id("check-camera").click()
    expect(page.get_by_test_id("check-camera")).to_have_text("Yes, I see myself")
    page.get_by_test_id("check-camera").click()
    page.get_by_test_id("check-microphone").click()
    expect(page.locator("[data-check=microphone] [role=status]")).to_have_text("We hear you.", timeout=15_000)
    page.get_by_test_id("check-speaker").click()
    page.get_by_test_id("heard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Everything works. Video is a good choice.", timeout=15_000
    )
    page.get_by_label("Is somebody with you in the room?").fill("my daughter")
    page.get_by_test_id("arrive").click()
    found = {"path": "direct", "camera": True, "microphone": True, "speaker": True}
    assert asked(page, "arrive") == [[{"mode": "video", "check": found, "company": ["my daughter"]}]]
    expect(page.get_by_role("heading", level=1)).to_have_text("Your place is held")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_the_check_leaves_no_device_open(open_room: Open) -> None:
    page = open_room()
    page.get_by_test_id("check").click()
    page.get_by_test_id("check-camera").click()
    video = page.locator("[data-check=camera] video")
    video.wait_for()
    page.evaluate(
        "window.track = document.querySelector('[data-check=camera] video').srcObject.getTracks()[0]"
    )
    page.get_by_test_id("check-camera").click()
    until(page, "track.readyState === 'ended'")


def test_a_person_who_says_no_to_the_camera_is_told_what_to_do_and_goes_on(
    open_room: Open, unwilling: Browser
) -> None:
    page = open_room(browser=unwilling)
    page.get_by_test_id("check").click()
    page.get_by_test_id("check-camera").click()
    expect(page.locator("[data-check=camera] [role=status]")).to_contain_text("not allowed to use the camera")
    page.get_by_test_id("check-microphone").click()
    expect(page.locator("[data-check=microphone] [role=status]")).to_contain_text(
        "not allowed to use the microphone"
    )
    page.get_by_test_id("unheard").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("but writing will", timeout=15_000)
    page.get_by_test_id("arrive").click()
    assert asked(page, "arrive")[0][0]["mode"] == "text"


def test_a_machine_without_camera_and_microphone_still_gets_a_mode(open_room: Open, bare: Browser) -> None:
    page = open_room(browser=bare)
    page.locator("[data-view=start] [data-press=skip]").click()
    page.locator("[data-view=ready] [data-press=camera]").click()
    expect(page.locator("[data-view=ready] [data-own-trouble]")).to_contain_text("No camera was found")
    page.get_by_test_id("arrive").click()
    assert asked(page, "arrive")[0][0]["mode"] == "video"
    assert asked(page, "setTrack") == []


def test_declining_video_offers_the_next_mode_and_tells_the_reason(open_room: Open, server: Any) -> None:
    page = open_room()
    page.get_by_test_id("decline").click()
    expect(page.locator("[name=mode]:checked")).to_have_value("one-way")
    page.get_by_label("Sound only, no picture").check()
    page.get_by_label("I worry about my privacy").check()
    with page.expect_request("**/decline"):
        page.get_by_role("button", name="Talk this way").click()
    expect(page.locator("[data-part=mode]")).to_have_text("Sound only, no picture")
    until(page, "performance.getEntriesByName(new URL('/decline', location.href)).length")
    assert any("privacy" in body and "audio" in body for path, body in server.posted if path == "/decline")


def test_the_picture_is_sent_only_after_show_me(open_room: Open) -> None:
    page = open_room()
    page.locator("[data-view=start] [data-press=skip]").click()
    page.locator("[data-view=ready] [data-press=camera]").click()
    preview = page.locator("[data-part=preview]")
    expect(preview).to_have_class("tw-mirror tw-veiled")
    assert asked(page, "setTrack") == []
    page.locator("[data-view=ready] [data-press=unveil]").click()
    expect(preview).to_have_class("tw-mirror")
    until(page, "call.asked.some(([what, kind, track]) => what === 'setTrack' && kind === 'video' && track)")


def test_a_reload_during_the_call_leads_back_in_with_everything_off(open_room: Open) -> None:
    page = open_room()
    before = page.evaluate("call.options.peer")
    page.reload()
    until(page, "window.call?.asked.length && document.querySelector('[data-bound]')")
    assert page.evaluate("call.options.peer") == before
    enter(page, "guest")
    meet(page, "guest")
    expect(page.locator("[data-notice=silent]")).to_contain_text("Your microphone is off")
    assert asked(page, "setTrack") == []
    assert page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage))") == ["teleward-peer"]
