"""Invitations say who, when and how to come; never why, never what kind of doctor."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from teleward.consult.calendar_file import CalendarEntry, calendar_file
from teleward.consult.letters import Appointment, farewell, fits, letter, places, short_message
from teleward.kernel.ids import new_id

LINK = "https://praxis-lindenhof.example/join/" + "A" * 43 + "/"
CLINICAL = (
    "video", "diagn", "arzt", "ärzt", "doctor", "patient", "clinic", "klinik", "therap", "health", "gesund",
    "sprechstunde", "consultation", "behandl", "treat", "medic", "medizin", "krank", "symptom",
)  # fmt: skip


def about(language: str, practice: str = "Praxis Lindenhof") -> Appointment:
    return Appointment(
        practice=practice,
        telephone="030 1234567",
        clinician="Jana Novák",
        starts_at=datetime(2027, 3, 29, 7, 30, tzinfo=UTC),
        minutes=20,
        zone="Europe/Berlin",
        language=language,
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_message_holds_a_clinical_word(language: str) -> None:
    written = letter(about=about(language), name="Ayşe Demir", link=LINK)
    off = farewell(about=about(language), name="Ayşe Demir")
    short = short_message(about=about(language), link=LINK)
    for text in (written.subject, written.text, off.subject, off.text, short):
        assert [word for word in CLINICAL if word in text.lower()] == []


@pytest.mark.parametrize(
    ("language", "day", "clock"),
    [
        ("en", "Monday, 29 March 2027", "at 09:30 (CEST)"),
        ("de", "Montag, 29. März 2027", "um 09:30 Uhr (MESZ)"),
    ],
)
def test_the_letter_gives_the_time_on_the_practices_clock(language: str, day: str, clock: str) -> None:
    text = letter(about=about(language), name="Ayşe Demir", link=LINK).text
    assert day in text
    assert clock in text


def test_the_subject_of_a_letter_holds_neither_the_link_nor_a_name() -> None:
    subject = letter(about=about("en"), name="Ayşe Demir", link=LINK).subject
    assert "join" not in subject
    assert "Demir" not in subject


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "practice", ["Praxis Lindenhof", "Gemeinschaftspraxis an der Alten Mühle in Bad Oeynhausen"]
)
def test_a_text_message_fits_into_one(language: str, practice: str) -> None:
    text = short_message(about=about(language, practice), link=LINK)
    assert fits(text)
    assert LINK in text


def test_letters_outside_the_telephone_alphabet_are_noticed() -> None:
    assert places("Ş") == 0
    assert places("Grüße €") == 8


def test_per_cent_signs_in_a_name_or_number_do_no_harm() -> None:
    strange = Appointment(**{**about("en").__dict__, "telephone": "030 100%", "practice": "100% Praxis"})
    assert "030 100%" in letter(about=strange, name="50% Demir", link=LINK).text


def entry(*, cancelled: bool = False, sequence: int = 0) -> CalendarEntry:
    return CalendarEntry(
        visit=VISIT,
        host="praxis.example",
        sequence=sequence,
        title="Termin mit Jana Novák",
        starts_at=datetime(2027, 3, 29, 7, 30, tzinfo=UTC),
        ends_at=datetime(2027, 3, 29, 7, 50, tzinfo=UTC),
        zone="Europe/Berlin",
        stamp=datetime(2027, 3, 1, tzinfo=UTC),
        cancelled=cancelled,
    )


VISIT = new_id()


def test_the_calendar_file_carries_its_time_zone_and_the_local_time() -> None:
    calendar = Calendar.from_ical(calendar_file(entry()))
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert calendar.walk("VEVENT")[0].decoded("dtstart").isoformat() == "2027-03-29T09:30:00+02:00"


def test_a_cancellation_has_the_same_uid_and_a_higher_sequence() -> None:
    booked, off = (
        Calendar.from_ical(calendar_file(each)) for each in (entry(), entry(cancelled=True, sequence=1))
    )
    assert (booked["METHOD"], off["METHOD"]) == ("PUBLISH", "CANCEL")
    first, second = booked.walk("VEVENT")[0], off.walk("VEVENT")[0]
    assert first["UID"] == second["UID"]
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert second["STATUS"] == "CANCELLED"


def test_the_calendar_file_holds_no_link_and_no_clinical_word() -> None:
    text = calendar_file(entry()).decode().lower()
    assert "/join/" not in text
    assert [word for word in CLINICAL if word in text] == []
