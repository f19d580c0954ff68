"""Everything to take along: as a tagged PDF with everybody's letters, and as FHIR."""

import json
import re
import zlib
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import translation
from fhir.resources.R4B.patient import Patient as FhirPatient
from stage.window import about, account, ask, seen_entry

from teleward.access.grants import Action, Actor, Grant, Refused
from teleward.access.models import Patient
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.people import system_grant
from teleward.trust.paper import Document, Section, printed
from teleward.trust.queries import exports
from teleward.trust.queries.exports import bundle, document

KVNR = "http://fhir.de/sid/gkv/kvid-10"
pytestmark = pytest.mark.django_db


def exporting(whom: Patient) -> Grant:
    return ask(account(whom), Action.WINDOW_EXPORT, about(whom))


def on_paper(text: str) -> Document:
    section = Section(title="Names", heads=("Who",), widths=(1,), rows=[(text,)], empty="")
    return Document(
        title="What is kept about you", lead=text, practice="P", language="en", sections=[section]
    )


def letters(pdf: bytes) -> set[str]:
    """What the fonts of the file say their glyphs stand for."""
    found: set[str] = set()
    for start in re.finditer(rb"FlateDecode[^>]*>>\s*stream\r?\n", pdf):
        text = zlib.decompressobj().decompress(pdf[start.end() :]).decode("latin-1")
        for code in re.findall(r"<[0-9A-F]{4}> <([0-9A-F]+)>", text):
            found |= set(bytes.fromhex(code).decode("utf-16-be"))
    return found


@pytest.mark.parametrize("name", ["Ayşe Öztürk", "Łukasz Żółć", "Nguyễn Thị Ánh", "Ελένη", "Владимир"])
def test_names_of_many_countries_are_on_the_paper_letter_by_letter(name: str) -> None:
    pdf = printed(on_paper(name))
    assert set(name) <= letters(pdf) | {" "}
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf


def test_a_name_no_font_has_is_printed_without_the_promise() -> None:
    pdf = printed(on_paper("\U00012000"))
    assert pdf.startswith(b"%PDF")
    assert b"pdfuaid" not in pdf


def test_what_somebody_typed_is_not_the_language_of_the_paper() -> None:
    pdf = printed(on_paper('#read("/etc/passwd") $x$ *b* = H'))
    assert set("#read$*=") <= letters(pdf)
    assert "root" not in letters(pdf)


def test_the_document_says_who_i_am_who_saw_it_and_what_is_kept(ada: Patient, desk: Actor) -> None:
    seen_entry(ada, desk)
    for language, title in (("en", "Who saw your data"), ("de", "Wer Ihre Daten gesehen hat")):
        with translation.override(language):
            made = document(grant=exporting(ada))
        said = {section.title: [" ".join(row) for row in section.rows] for section in made.sections}
        assert any("Mira Lindqvist" in row for row in said[title])
        assert any("+49 30 5" in row for rows in said.values() for row in rows)
        assert made.language == language
        assert printed(made).startswith(b"%PDF")


def test_what_is_taken_along_has_the_numbers_by_which_others_know_the_patient(ada: Patient) -> None:
    changing = system_grant(
        action=Action.PATIENT_CHANGE, organisation=ada.organisation_id, subject=about(ada)
    )
    give_identifier(grant=changing, patient=ada.id, system=KVNR, value="A123456780")
    made = json.loads(bundle(grant=exporting(ada)))
    (own,) = (each["resource"] for each in made["entry"] if each["resource"]["resourceType"] == "Patient")
    assert own["identifier"] == [{"system": KVNR, "value": "A123456780"}]
    rows = document(grant=exporting(ada)).sections[0].rows
    assert ("Number", f"A123456780 ({KVNR})") in rows


def test_a_number_leaves_with_every_digit_however_large(
    ada: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"resourceType":"Observation","id":"1","component":[{"value":1.50},{"value":9e999999}]}'
    monkeypatch.setattr(exports, "whole", lambda **_asked: [SimpleNamespace(body=body)])
    made = bundle(grant=exporting(ada))
    assert b'"value": 1.50' in made
    assert b'"value": 9E+999999' in made


def test_the_bundle_is_fhir_and_holds_the_patient(ada: Patient) -> None:
    made = json.loads(bundle(grant=exporting(ada)))
    assert (made["resourceType"], made["type"]) == ("Bundle", "collection")
    (who,) = [entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] == "Patient"]
    read = FhirPatient(**who)
    assert (read.name[0].family, str(read.birthDate)) == ("Osei", "1961-04-02")
    assert read.telecom[0].value == "+49 30 5"


def test_the_bundle_says_who_saw_it_but_not_what_is_held_back(
    ada: Patient, desk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_entry(ada, desk)
    assert str(desk.id) in bundle(grant=exporting(ada)).decode()
    assert '"AuditEvent"' in bundle(grant=exporting(ada)).decode()
    monkeypatch.setattr(exports, "is_held", lambda _known, facts: facts["actor_kind"] == "Staff")
    assert str(desk.id) not in bundle(grant=exporting(ada)).decode()


def test_nobody_takes_another_patients_data_along(
    ada: Patient, patient: Callable[[str], Patient], officer: Actor
) -> None:
    for somebody in (account(patient("Ben")), officer):
        with pytest.raises(Refused):
            ask(somebody, Action.WINDOW_EXPORT, about(ada))
