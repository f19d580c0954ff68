"""A table as other programs write it: any character set, separator and way to write days."""

import codecs
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import settings as properties
from hypothesis import strategies as st

from teleward.consult.tables.columns import Role, guessed
from teleward.consult.tables.days import (
    NoClock,
    NoDay,
    Order,
    Unclear,
    clock_said,
    day_said,
    moment_said,
    order_shown,
    parted,
)
from teleward.consult.tables.decoding import rows_of, separator_of, written
from teleward.consult.tables.lines import Given, Trouble, line_of
from teleward.consult.tables.problems import TableIsWorkbook, TableRefused, TableTooLarge

TODAY = date(2026, 11, 22)
TABLE = "Nachname;Vorname\nDemir;Ayşe\nMüller;Jörg\n"
WINDOWS = "Nachname;Vorname\nMüller;Jörg\n"


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in rows_of(content)]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-32"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        ("sep=;\n" + TABLE).encode(),
        TABLE.replace(";", "\t").encode(),
        TABLE.replace(";", "|").encode(),
        TABLE.replace(";", ",").encode(),
        ("\n\n" + TABLE + ";\n;;\n").encode(),
        b'"Nachname";"Vorname"\n"Demir";"Ay\xc5\x9fe"\n M\xc3\xbcller ;\xc2\xa0J\xc3\xb6rg\n',
    ],
    ids=[
        "utf8",
        "bom",
        "utf16le",
        "utf16be",
        "bare16",
        "utf32",
        "crlf",
        "cr",
        "sep",
        "tab",
        "pipe",
        "comma",
        "blank",
        "quotes",
    ],
)
def test_the_same_table_comes_out_however_it_was_saved(content: bytes) -> None:
    assert cells(content) == [("Nachname", "Vorname"), ("Demir", "Ayşe"), ("Müller", "Jörg")]


def test_what_windows_wrote_is_read() -> None:
    assert cells(WINDOWS.encode("cp1252"))[1] == ("Müller", "Jörg")


def test_a_comma_inside_quotes_and_in_numbers_is_no_separator() -> None:
    assert separator_of('name;note\n"Demir, Ayse";1,5\n"Roth, Ada";2,5\n') == ";"
    assert cells(b'a,b\n"one\ntwo",3\n')[1] == ("one two", "3")


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    assert [row.number for row in rows_of(b"a;b\n\n1;2\n\n3;4\n")] == [1, 3, 5]


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TableIsWorkbook):
        rows_of(b"PK\x03\x04 a workbook")
    with pytest.raises(TableTooLarge):
        rows_of(b"a;b\n" + b"1;2\n" * 600)
    with pytest.raises(TableRefused):
        rows_of(b"\x81\x8d\x00\x01;x")


@pytest.mark.parametrize(
    "text",
    [
        "3.9.2026",
        "03.09.26",
        "3. 9. 2026",
        "Do, 03.09.2026",
        "Thu 3.9.2026",
        "2026-09-03",
        "2026/9/3",
        "20260903",
        "3. September 2026",
        "Sep 3, 2026",
        "3 Sept 2026",
        "46268",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert day_said(text, today=TODAY) == date(2026, 9, 3)


@pytest.mark.parametrize("text", ["31.2.2026", "soon", "", "2026-13-01", "99", "99999", "3.9."])
def test_what_is_no_day_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoDay):
        day_said(text, today=TODAY)


def test_a_day_that_could_be_two_is_asked_about() -> None:
    with pytest.raises(Unclear):
        day_said("03/09/26", today=TODAY)
    assert day_said("03/09/26", order=Order.DAY_FIRST, today=TODAY) == date(2026, 9, 3)
    assert day_said("03/09/26", order=Order.MONTH_FIRST, today=TODAY) == date(2026, 3, 9)
    assert day_said("04/04/26", today=TODAY) == date(2026, 4, 4)


def test_one_clear_day_shows_how_the_others_are_meant_and_two_that_differ_do_not() -> None:
    assert order_shown(["03/09/2026", "25/09/2026"]) is Order.DAY_FIRST
    assert order_shown(["03/09/2026", "09/25/2026"]) is Order.MONTH_FIRST
    assert order_shown(["03/09/2026"]) is None
    assert order_shown(["25/09/2026", "09/25/2026"]) is None


def test_a_birthday_of_two_digits_is_asked_about_where_it_could_be_this_century() -> None:
    assert day_said("3.9.45", is_birth=True, today=TODAY) == date(1945, 9, 3)
    with pytest.raises(Unclear):
        day_said("3.9.24", is_birth=True, today=TODAY)


@pytest.mark.parametrize(
    "text",
    ["9.30", "9:30", "09:30:00", "9:30 Uhr", "9.30 Uhr", "9h30", "0930", "9:30 am", "0.395833", "0,3958"],
)
def test_a_time_is_read_however_it_is_written(text: str) -> None:
    assert clock_said(text) == time(9, 30)


def test_noon_and_midnight_are_told_apart_and_what_is_no_time_is_none() -> None:
    assert [clock_said(text).hour for text in ("12 am", "12 pm", "9 Uhr", "9 pm")] == [0, 12, 9, 21]
    for text in ("25:00", "9:75", "13 pm", "half past"):
        with pytest.raises(NoClock):
            clock_said(text)


@pytest.mark.parametrize(
    "text", ["3.9.2026 9:30", "2026-09-03T09:30", "3.9.2026, 9.30 Uhr", "3.9.2026 um 9.30", "46268.395833"]
)
def test_day_and_time_in_one_cell_are_parted(text: str) -> None:
    day, clock = parted(text)
    assert (day_said(day, today=TODAY), clock_said(clock)) == (date(2026, 9, 3), time(9, 30))


def test_a_moment_with_its_zone_is_that_moment() -> None:
    assert moment_said("2026-09-03T09:30:00+02:00") == datetime(2026, 9, 3, 7, 30, tzinfo=UTC)
    assert moment_said("2026-09-03T09:30:00") is None


def test_headings_say_what_columns_are_in_german_and_english() -> None:
    german = guessed(
        ["Nachname", "Vorname", "Geb.-Datum", "Datum", "Uhrzeit", "Dauer (min)", "Ärztin", "Notiz"]
    )
    english = guessed(["Last name", "First Name", "Date of birth", "Date", "Time", "Duration", "Doctor", "?"])
    assert german == english
    assert list(german.values()) == [
        Role.FAMILY,
        Role.GIVEN,
        Role.BORN,
        Role.DAY,
        Role.CLOCK,
        Role.MINUTES,
        Role.HOST,
    ]


def line(
    text: str, headings: str = "Name;Geboren;Beginn;Dauer;Arzt", **more: object
) -> tuple[object, list[Trouble]]:
    row = rows_of(f"x;y\n{text}".encode())[1]
    said = {"zone": "Europe/Berlin", "today": TODAY, "hosts": {"jana novák": "1", "wei chen": "2"}, **more}
    found = line_of(row, Given(columns=guessed(headings.split(";")), **said))  # type: ignore[arg-type]
    return found.starts_at, found.troubles


def test_a_whole_row_is_understood() -> None:
    at, troubles = line("Demir, Ayşe;3.5.1979;3.12.2026 9:30;20;Dr. Novák")
    assert (at, troubles) == (datetime(2026, 12, 3, 8, 30, tzinfo=UTC), [])


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (";3.5.1979;3.12.2026 9:30;20;Novák", Trouble.NAME_MISSING),
        ("Ayşe Demir;;3.12.2026 9:30;20;Novák", Trouble.BORN_MISSING),
        ("Ayşe Demir;?;3.12.2026 9:30;20;Novák", Trouble.BORN_UNREADABLE),
        ("Ayşe Demir;3.5.1979;32.12.2026 9:30;20;Novák", Trouble.DAY_UNREADABLE),
        ("Ayşe Demir;3.5.1979;3.12.2026;20;Novák", Trouble.CLOCK_MISSING),
        ("Ayşe Demir;3.5.1979;28.3.2027 2:30;20;Novák", Trouble.NO_SUCH_TIME),
        ("Ayşe Demir;3.5.1979;25.10.2026 2:30;20;Novák", Trouble.TWO_SUCH_TIMES),
        ("Ayşe Demir;3.5.1979;3.12.2026 9:30;long;Novák", Trouble.LENGTH),
        ("Ayşe Demir;3.5.1979;3.12.2026 9:30;20;", Trouble.HOST_MISSING),
        ("Ayşe Demir;3.5.1979;3.12.2026 9:30;20;Nobody", Trouble.HOST_UNKNOWN),
    ],
)
def test_what_is_unclear_about_a_row_is_named(text: str, trouble: Trouble) -> None:
    assert line(text)[1] == [trouble]


def test_a_file_for_spreadsheets_works_nothing_out_and_reads_back() -> None:
    rows = [("=1+1", "+49 30 1"), ("@x", '-"a"'), ("plain", "a;b")]
    content = written(rows)
    assert b'"\'=1+1"' in content
    assert all(
        not cell.startswith(("=", "+", "-", "@")) for cell in content.decode("utf-8-sig").split('"')[1::2]
    )
    assert cells(content) == rows


@properties(max_examples=80)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: ("a;b\n" + text).encode()))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    try:
        rows = rows_of(content)
    except TableRefused:
        return
    given_ = Given(columns=guessed(["Name", "Geboren", "Beginn"]), zone="Europe/Berlin", today=TODAY)
    assert all(line_of(row, given_).number == row.number for row in rows)
