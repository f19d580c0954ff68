"""More than two people, files and photos: who may come in, and what goes from one device to the other."""

from pathlib import Path

import pytest
from journeys.clinic import Clinic
from journeys.people import Clinician, Someone, consultation, person, third
from kit.pictures import jpeg_with_a_place
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.journey
MIB = 1024 * 1024
JPEG = """async () => {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext('2d').fillRect(0, 0, 40, 30);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
  return [...new Uint8Array(await blob.arrayBuffer())];
}"""


def test_an_interpreter_joins_by_a_link_of_their_own_and_the_words_go_in_pairs(
    clinic: Clinic, chromium: Browser
) -> None:
    visit = clinic.visit()
    link = clinic.third(visit, "interpreter", "Ewa Nowak")
    with consultation(clinic, chromium, visit=visit) as (clinician, patient), person(chromium) as page:
        interpreter = third(page, link)
        expect(clinician.page.locator("[data-part=waiting-list]")).to_contain_text("Interpreter")
        expect(patient.page.locator("body")).not_to_contain_text("Ewa Nowak")
        clinician.lets_in("Ewa Nowak")
        for someone, names in ((clinician, 2), (patient, 2), (interpreter, 2)):
            expect(someone.page.locator("[data-verify][data-stand=compare]")).to_have_count(
                names, timeout=20_000
            )
            someone.hears()
        expect(patient.page.locator("figcaption", has_text="Ewa Nowak")).to_contain_text("Interpreter")
        assert pair(patient, "Ewa Nowak") == pair(interpreter, visit.patient.name)
        assert pair(patient, "Ewa Nowak") != pair(clinician, visit.patient.name)


def test_four_people_fill_the_room_and_a_fifth_is_refused_in_a_sentence(
    clinic: Clinic, chromium: Browser
) -> None:
    visit = clinic.visit()
    for name in ("Ewa Nowak", "Ilse Ebbing"):
        clinic.third(visit, "relative", name)
    with person(chromium) as page:
        clinician = Clinician(page).sign_in(clinic, visit)
        page.goto(f"{clinic.origin}/visits/{visit.id}/")
        assert page.get_by_text("Ask somebody else to join").count() == 0
        csrf = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        page.evaluate(
            """([url, csrf]) => {
              const form = Object.assign(document.createElement('form'), { method: 'post', action: url });
              const all = { csrfmiddlewaretoken: csrf, role: 'relative', name: 'A. Fifth', language: 'en' };
              for (const [name, value] of Object.entries(all))
                form.append(Object.assign(document.createElement('input'), { name, value }));
              document.body.append(form);
              form.submit();
            }""",
            [f"/visits/{visit.id}/guests/", csrf],
        )
        expect(clinician.page.get_by_text("four")).to_be_visible()


def test_a_photo_on_request_and_files_without_their_traces_or_refused_in_a_sentence(
    clinic: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    with consultation(clinic, chromium) as (clinician, patient):
        clinician.sees_frames()
        clinician.press("photo")
        for step in ("photo-open", "photo-take", "photo-send"):
            patient.press(step)
        still = clinician.page.locator("[data-part=log] img")
        expect(still).to_be_visible(timeout=20_000)
        assert still.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") >= 640
        plain = bytes(patient.page.evaluate(JPEG))
        told = tmp_path / "knee.jpg"
        told.write_bytes(jpeg_with_a_place(plain))
        offers(patient, told)
        clinician.page.get_by_role("button", name="Accept").click()
        with clinician.page.expect_download() as saved:
            clinician.page.locator("a[download='knee.jpg']").click()
        arrived = saved.value.path().read_bytes()
        assert arrived.startswith(b"\xff\xd8\xff")
        assert b"GPS" not in arrived
        program, large = tmp_path / "letter.pdf", tmp_path / "large.txt"
        program.write_bytes(b"\x7fELF\x02\x01\x01\x00" + bytes(64))
        large.write_bytes(b"a" * (20 * MIB + 1))
        for path, words in ((program, "This kind of file cannot be sent"), (large, "This file is too large")):
            offers(patient, path)
            expect(patient.page.locator("[data-part=talk-trouble]")).to_contain_text(words)


def pair(someone: Someone, other: str) -> set[str]:
    """The words that are compared with this person."""
    panel = someone.page.locator("[data-verify]", has_text=other).first
    return set(panel.locator("dd span").all_inner_texts())


def offers(someone: Someone, path: Path) -> None:
    if not someone.page.locator("[data-part=talk]").is_visible():
        someone.press("chat")
    someone.page.set_input_files("[data-part=file]", path)
