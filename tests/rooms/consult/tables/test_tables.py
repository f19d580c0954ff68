"""A table of appointments: looked at first, booked by a yes, whole or not at all per row, nothing lost."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from fakes.members import listening
from stage.visits import HERE, Stage

from teleward.access.grants import Action, Subject, authorise
from teleward.access.identifiers.kvnr import SYSTEM
from teleward.access.models import Person, Restriction
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.consult.models import AppointmentTable, Visit
from teleward.consult.operations.tables import book_table, bring_table, forget_tables
from teleward.consult.queries.tables import preview, table_report
from teleward.consult.tables.lines import Trouble
from teleward.consult.tables.problems import TableOver
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.ids import new_id

SignIn = Callable[[Person], Client]
HEAD = "Nachname;Vorname;Geburtsdatum;Datum;Uhrzeit;Dauer;Arzt;Grund\n"


def day(ahead: int = 30) -> str:
    return f"{now() + timedelta(days=ahead):%d.%m.%Y}"


def row(clock: str = "9:30", **more: str) -> str:
    said = {"family": "Demir", "given": "Ayşe", "born": "3.5.1979", "day": day(), "host": "Dr. Novák"} | more
    return f"{said['family']};{said['given']};{said['born']};{said['day']};{clock};20;{said['host']};Knie\n"


def granted(stage: Stage, who: Person | None = None) -> dict[str, object]:
    own = stage.practice.id
    subject = Subject(kind="Organisation", id=own, organisation=own)
    actor = stage.actor(who or stage.desk)
    return {"grant": authorise(actor=actor, action=Action.VISIT_BOOK, subject=subject, circumstances=HERE)}


def bring(stage: Stage, *rows: str) -> UUID:
    return bring_table(**granted(stage), content=(HEAD + "".join(rows)).encode("utf-8-sig"))  # type: ignore[arg-type]


def troubles(stage: Stage, *rows: str) -> list[list[Trouble]]:
    shown = preview(**granted(stage), table=bring(stage, *rows))  # type: ignore[arg-type]
    return [each.line.troubles for each in shown.rows]


def booked(stage: Stage, table: UUID) -> list[str]:
    book_table(**granted(stage), table=table)  # type: ignore[arg-type]
    return [each.trouble for each in table_report(**granted(stage), table=table).rows]  # type: ignore[arg-type]


def another(stage: Stage, given: str = "Ayşe", family: str = "Demir") -> UUID:
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    named = {"given_name": given, "family_name": family, "language": "de"}
    return register_patient(grant=creating, born_on=date(1979, 5, 3), **named).id  # type: ignore[arg-type]


def test_rows_become_appointments_and_the_file_is_gone(stage: Stage) -> None:
    table = bring(stage, row("9:30"), row("14 Uhr"))
    assert booked(stage, table) == ["", ""]
    first, second = Visit.objects.order_by("starts_at")
    assert (first.patient, first.host, first.booked_by) == (stage.patient.id, stage.doctor.id, stage.desk.id)
    assert (second.ends_at - second.starts_at) == timedelta(minutes=20)
    words = unseal(patient=first.patient, sealed=bytes(first.purpose or b""), context=f"purpose:{first.id}")
    assert words == b"Knie"
    assert bytes(AppointmentTable.objects.get(id=table).file) == b""


def test_nothing_of_the_file_stands_in_clear(stage: Stage) -> None:
    table = bring(stage, row())
    kept = AppointmentTable.objects.get(id=table)
    assert b"Demir" not in bytes(kept.file)
    booked(stage, table)
    assert b"Demir" not in bytes(AppointmentTable.objects.get(id=table).report or b"")


def test_looking_books_nothing(stage: Stage) -> None:
    assert troubles(stage, row()) == [[]]
    assert not Visit.objects.exists()


def test_nobody_is_guessed(stage: Stage) -> None:
    assert troubles(
        stage,
        row(family="Demirel"),
        row(given="A."),
        row(born="4.5.1979"),
        row("10:30", family="DEMIR", given="ayşe"),
    ) == [[Trouble.NOBODY], [Trouble.NOBODY], [Trouble.NOBODY], []]


def test_of_two_who_fit_neither_is_booked(stage: Stage) -> None:
    another(stage)
    assert troubles(stage, row()) == [[Trouble.SEVERAL]]
    assert booked(stage, bring(stage, row())) == [Trouble.SEVERAL]
    assert not Visit.objects.exists()


NUMBERED = "KVNR;Datum;Uhrzeit;Arzt\n"
KVNR = "A123456780"


def given_the_number(stage: Stage, patient: UUID, system: str = SYSTEM, value: str = KVNR) -> None:
    about = patient_subject(patient=patient)
    giving = system_grant(action=Action.PATIENT_CHANGE, organisation=None, subject=about)
    give_identifier(grant=giving, patient=patient, system=system, value=value)


def by_number(stage: Stage, *numbers: str) -> list[list[Trouble]]:
    rows = "".join(f"{each};{day()};{clock}:30;Novák\n" for clock, each in enumerate(numbers, start=9))
    table = bring_table(**granted(stage), content=(NUMBERED + rows).encode())  # type: ignore[arg-type]
    return [each.line.troubles for each in preview(**granted(stage), table=table).rows]  # type: ignore[arg-type]


def restricted(stage: Stage, patient: UUID) -> None:
    known = {"reason": "request", "set_by": stage.doctor}
    Restriction.objects.create(tier="restricted", patient_id=patient, **known)


def test_who_is_found_by_a_number_stands_in_the_ledger_and_the_search_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_the_number(stage, stage.patient.id)
    heard = listening(monkeypatch)
    assert by_number(stage, KVNR, "X110411675", "x") == [[], [Trouble.NOBODY], [Trouble.NUMBER_WRONG]]
    (listed,) = [entry for entry in heard if entry.patient == stage.patient.id]
    assert (listed.outcome, listed.actor_id) == ("listed", stage.desk.id)
    assert {"exactly": "numbers", "asked": 2, "found": 1} in [entry.detail for entry in heard]
    assert not any(KVNR in str(entry) for entry in heard)


def test_of_two_with_one_number_several_is_said_only_where_both_may_be_listed(stage: Stage) -> None:
    other = another(stage)
    for each in (stage.patient.id, other):
        given_the_number(stage, each)
    assert by_number(stage, KVNR) == [[Trouble.SEVERAL]]
    restricted(stage, other)
    assert by_number(stage, KVNR) == [[Trouble.NOBODY]]


@pytest.mark.parametrize(
    ("number", "born", "left"),
    [("4711", "3.5.1979", []), ("4711", "4.5.1979", ["nobody"]), ("4712", "3.5.1979", ["nobody"])],
)
def test_a_number_of_the_practice_finds_somebody_with_the_date_of_birth_alone(
    stage: Stage, number: str, born: str, left: list[str]
) -> None:
    given_the_number(stage, stage.patient.id, system="urn:oid:1.2.276.0.76.3.1", value="4711")
    head = "Pat.-Nr.;Geburtsdatum;Datum;Uhrzeit;Arzt\n"
    content = f"{head}{number};{born};{day()};9:30;Dr. Novák\n".encode()
    table = bring_table(**granted(stage), content=content)  # type: ignore[arg-type]
    (found,) = preview(**granted(stage), table=table).rows  # type: ignore[arg-type]
    assert found.line.troubles == left
    assert found.patient == (None if left else stage.patient.id)


def test_a_row_that_stands_twice_or_is_booked_already_is_booked_once(stage: Stage) -> None:
    assert booked(stage, bring(stage, row(), row())) == ["", Trouble.TWICE]
    assert booked(stage, bring(stage, row())) == [Trouble.BOOKED]
    assert Visit.objects.count() == 1


def test_what_clashes_or_has_passed_is_left_and_the_others_are_booked(stage: Stage) -> None:
    other = another(stage, "Ada", "Roth")
    rows = [row("9:30"), row("9:40", family="Roth", given="Ada"), row(day=day(-2)), row("11:00")]
    assert booked(stage, bring(stage, *rows)) == ["", Trouble.TAKEN, Trouble.PAST, ""]
    assert not Visit.objects.filter(patient=other).exists()


def test_who_breaks_off_in_the_middle_books_nothing_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = bring(stage, row("9:30"), row("10:30"))
    with monkeypatch.context() as broken:
        broken.setattr("teleward.consult.operations.tables._end", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            booked(stage, table)
    assert booked(stage, table) == [Trouble.BOOKED, Trouble.BOOKED]
    assert Visit.objects.count() == 2


def test_each_booking_is_asked_about_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    table = bring(stage, row("9:30"), row("10:30"))
    heard = listening(monkeypatch)
    booked(stage, table)
    asked = [entry for entry in heard if entry.outcome == "allow" and entry.patient == stage.patient.id]
    assert [entry.action for entry in asked] == ["consult:visit:book"] * 2
    assert not any("Demir" in str(entry) for entry in heard)


def test_a_table_is_of_who_brought_it_and_over_after_a_day(
    stage: Stage, moved_clock: Callable[[timedelta], None]
) -> None:
    table = bring(stage, row())
    with pytest.raises(TableOver):
        preview(**granted(stage, stage.doctor), table=table)  # type: ignore[arg-type]
    moved_clock(timedelta(hours=25))
    forget_tables()
    assert not AppointmentTable.objects.exists()


def send(browser: Client, content: bytes) -> str:
    answer = browser.post("/visits/tables/", {"file": SimpleUploadedFile("a.csv", content)})
    return str(answer.headers.get("Location", answer.content.decode()))


def test_from_the_file_to_the_report_in_a_browser(stage: Stage, signed_in: SignIn) -> None:
    browser = signed_in(stage.desk)
    place = send(browser, (HEAD + row() + row("x") + row("=1+1")).encode())
    page = browser.get(place).content.decode()
    assert "1 of 3 rows can be booked." in page
    assert "The time cannot be read." in page
    report = browser.post(f"{place}booking/").headers["Location"]
    assert "1 of 3 rows are appointments now." in browser.get(report).content.decode()
    left = browser.get(f"{place}left.csv").content.decode("utf-8-sig")
    assert left.count("\r\n") == 3
    assert '"\'=1+1"' in left
    assert browser.get(place).status_code == 410


def test_what_could_be_two_days_is_asked_once_for_the_whole_file(stage: Stage, signed_in: SignIn) -> None:
    browser = signed_in(stage.desk)
    slashed = f"{now() + timedelta(days=400):%Y}"
    place = send(browser, (HEAD + row(day=f"03/09/{slashed}")).encode())
    page = browser.get(place).content.decode()
    assert "How are days written in this file?" in page
    chosen = dict(re.findall(r'name="(column_\d)".*?value="(\w+)" selected', page, re.DOTALL))
    answer = browser.post(place, {**chosen, "order": "day", "minutes": "15", "host": ""})
    assert answer.status_code == 302
    assert "1 of 1 row can be booked." in browser.get(place).content.decode()


def test_columns_are_changed_by_hand_and_none_says_the_same_twice(stage: Stage, signed_in: SignIn) -> None:
    browser = signed_in(stage.desk)
    other = f"A;B;C;D\nDemir, Ayşe;3.5.1979;{day()} 9:30;{stage.doctor.name}\n"
    place = send(browser, other.encode())
    assert "The name is missing." in browser.get(place).content.decode()
    said = {"minutes": "15", "column_0": "name", "column_1": "born", "column_2": "start", "column_3": "host"}
    assert browser.post(place, {**said, "column_1": "name"}).status_code == 422
    assert browser.post(place, said).status_code == 302
    assert "1 of 1 row can be booked." in browser.get(place).content.decode()


def test_what_is_no_table_is_said_in_one_sentence(stage: Stage, signed_in: SignIn) -> None:
    browser = signed_in(stage.desk)
    assert "This is a workbook" in send(browser, b"PK\x03\x04")
    assert "There is no appointment in this file" in send(browser, HEAD.encode())


def test_put_away_it_is_gone(stage: Stage, signed_in: SignIn) -> None:
    browser = signed_in(stage.desk)
    place = send(browser, (HEAD + row()).encode())
    assert browser.post(f"{place}removal/").status_code == 302
    assert browser.get(place).status_code == 410
    assert browser.get(f"/visits/tables/{new_id()}/").status_code == 410
