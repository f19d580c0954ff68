"""What patient and clinician see and press while they talk."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open, until
from .scenes import PICTURE, SCENES, WORDS, enter, meet

pytestmark = pytest.mark.journey
READY = f"{{state: 'ready', run: 1, words: {WORDS}}}"


def asked(page: Page) -> list[Any]:
    return page.evaluate("call.asked.filter(([what]) => what !== 'open')")


def test_patient_and_clinician_are_told_who_reads_which_half(open_room: Open) -> None:
    for side, mine, theirs in (
        ("guest", "harbour violin", "maple copper"),
        ("host", "maple copper", "harbour violin"),
    ):
        page = open_room(side)
        enter(page, side)
        meet(page, side, READY)
        expect(page.locator(".tw-reading--mine dd")).to_have_text(mine)
        expect(page.locator(".tw-reading--theirs dd")).to_have_text(theirs)
        expect(page.locator("dt").first).to_contain_text(
            "reads aloud" if side == "host" else "You read aloud"
        )


def test_the_words_are_the_largest_thing_while_they_matter(open_room: Open) -> None:
    page = open_room("guest", width=360)
    enter(page, "guest")
    meet(page, "guest", READY)
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    words = page.locator(".tw-reading dd").first.evaluate(size)
    shown = page.locator("h1:visible, h2:visible, p:visible, button:visible")
    assert words > max(shown.nth(place).evaluate(size) for place in range(shown.count()))


def test_saying_the_same_waits_for_the_other_one(open_room: Open) -> None:
    page = open_room()
    enter(page, "guest")
    meet(page, "guest", READY)
    page.get_by_role("button", name="They are the same").click()
    assert ["tick", "b", "same", "words"] in asked(page)
    page.evaluate("call.meet('b', {verification: {state: 'verified', since: '2026-11-22T14:02:00'}})")
    expect(page.locator("[data-part=sentence]")).to_contain_text("Dr. Amal Haddad has not yet")
    page.evaluate("call.meet('b', {verification: {theirs: 'same'}})")
    expect(page.locator("[data-part=sentence]")).to_contain_text("Verified by you both at 14:02")
    assert page.locator("[data-verify=b] button").count() == 0


def test_different_words_stop_the_conversation_in_plain_words(open_room: Open) -> None:
    page = open_room()
    SCENES["guest"]["different"](page, "guest")
    expect(page.locator("[data-stand=different]")).to_contain_text("Leave this call and talk by telephone")
    expect(page.locator("[data-stand=different]")).to_contain_text("030 1234567")
    page.get_by_role("button", name="Leave the call").click()
    assert ["leave"] in asked(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left")


def test_after_three_attempts_there_is_no_further_one(open_room: Open) -> None:
    page = open_room()
    enter(page, "guest")
    meet(page, "guest", "{state: 'different', run: 3, because: 'person'}")
    expect(page.locator("[data-stand=different]")).to_contain_text("There are no more attempts")
    assert page.get_by_role("button", name="new words").count() == 0


def test_what_is_written_is_text_whatever_it_says(open_room: Open) -> None:
    page = open_room()
    SCENES["guest"]["known"](page, "guest")
    page.evaluate(
        "call.tell('chat', {peer: 'b', text: '<img src=x onerror=alert(1)>', at: '2026-11-22T14:03:00'})"
    )
    expect(page.locator("[data-part=log]")).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_label("Your message").fill("Yes")
    page.get_by_label("Your message").press("Enter")
    assert ["say", "Yes"] in asked(page)
    assert page.trouble == []


def test_a_file_comes_only_after_accept(open_room: Open) -> None:
    page = open_room()
    SCENES["guest"]["known"](page, "guest")
    offer = "call.tell('file-offered', {peer: 'b', id: '1', name: 'a.pdf', size: 1000})"
    assert page.evaluate(offer) is False  # the room decides, the engine waits
    page.get_by_role("button", name="Accept").click()
    assert ["answerFile", "b", "1", True] in asked(page)


def test_the_patient_sees_the_photo_before_it_is_sent(open_room: Open) -> None:
    page = open_room()
    SCENES["guest"]["photo"](page, "guest")
    assert page.locator("[data-part=photo-still]").is_visible()
    assert not any(what == "answerPhoto" for what, *_ in asked(page))
    page.get_by_test_id("photo-send").click()
    until(
        page, "call.asked.some(([what, peer, blob]) => what === 'answerPhoto' && blob.type === 'image/jpeg')"
    )


def test_hiding_my_own_picture_hides_it_from_me_alone(open_room: Open) -> None:
    page = open_room("host")
    SCENES["host"]["looks"](page, "host")
    page.get_by_label("Hide my own picture from me").check()
    expect(page.locator("[data-part=self]")).to_be_hidden()
    until(page, "call.asked.some(([what, kind, track]) => what === 'setTrack' && kind === 'video' && track)")


def test_voice_only_turns_the_camera_off_and_never_on_again(open_room: Open) -> None:
    page = open_room("host")
    SCENES["host"]["looks"](page, "host")
    page.get_by_label("Sound only").check()
    assert ["setMode", "audio"] in asked(page)
    expect(page.locator("[data-part=self]")).to_be_hidden()
    page.get_by_label("Video", exact=True).check()
    expect(page.locator("[data-section=call] [data-press=camera]")).to_have_text("Turn camera on")


def test_the_picture_of_the_other_one_is_played(open_room: Open) -> None:
    page = open_room()
    SCENES["guest"]["known"](page, "guest")
    page.evaluate(PICTURE, "b")
    until(page, "document.querySelector('.tw-picture').videoWidth === 640")


def test_the_clinician_lets_people_in_one_by_one(open_room: Open) -> None:
    page = open_room("host")
    SCENES["host"]["lobby"](page, "host")
    waiting = page.locator("[data-part=waiting-list] li")
    expect(waiting.first).to_contain_text("waiting since 13:58")
    expect(waiting.first).to_contain_text("my daughter")
    page.get_by_role("button", name="Let Jonas Weber in").click()
    waiting.nth(1).get_by_role("button", name="Not now").click()
    assert asked(page)[-2:] == [["admit", "p"], ["turnAway", "i"]]


def test_a_sheet_beside_the_call_is_sent_without_leaving_it(open_room: Open) -> None:
    page = open_room("host")
    page.locator("#sheet-identity").get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_have_text("saved")
    assert page.evaluate("call.asked.length") == 1
    assert page.title() != "ran"
    assert page.trouble == []


def test_a_folded_sheet_is_fetched_when_it_is_opened_first_and_the_index_leads_there_by_keyboard(
    open_room: Open,
) -> None:
    page = open_room("host")
    expect(page.locator("#sheet-identity #said")).to_be_visible()
    folded = page.locator("#sheet-documents")
    expect(folded.locator("#said")).to_have_count(0)
    page.locator(".tw-jump > summary").focus()
    for key in ("Enter", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(folded.locator("#said")).to_be_visible()
    expect(folded.locator("summary")).to_be_focused()
    expect(page.locator(".tw-jump nav")).to_be_hidden()
    expect(page.locator(".tw-whose")).to_be_in_viewport()


def test_the_call_is_kept_by_keyboard_alone(open_room: Open) -> None:
    page = open_room()
    enter(page, "guest")
    meet(page, "guest", READY)
    page.locator("[data-section=call] h1").focus()
    reached = []
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText.trim()"))
    wanted = ["They are the same", "They are not the same", "Turn microphone on", "Turn camera on", "Leave"]
    assert [name for name in wanted if name not in reached] == []


def test_nothing_on_the_page_can_record(open_room: Open) -> None:
    page = open_room()
    page.evaluate("() => { window.MediaRecorder = class { constructor() { window.recorded = true; } }; }")
    SCENES["guest"]["photo"](page, "guest")
    assert page.evaluate("window.recorded") is None


def test_a_call_that_goes_on_is_a_sign_of_life_each_minute_and_an_empty_room_is_none(open_room: Open) -> None:
    page = open_room("host")
    page.clock.install()
    page.reload()
    until(page, "document.querySelector('[data-bound]')")
    page.evaluate("signs = 0; document.addEventListener('tw-active', () => { signs += 1; })")
    enter(page, "host")
    page.clock.run_for(61_000)
    assert page.evaluate("signs") == 0
    meet(page, "host")
    page.clock.run_for(121_000)
    assert page.evaluate("signs") == 2
