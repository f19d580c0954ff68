"""Typed reasons that are drawn, and figures that say what they were counted from."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from fakes.members import Member, browser_of, practice
from stage.deliveries import deliver_all
from stage.emergencies import ANSWER, ENGLISH, reasons

from teleward.access.models import Patient
from teleward.audit.queries.counts import staff_days
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.watch.models import Case
from teleward.watch.operations.cases import DRAWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_are_sent")]


def test_typed_reasons_are_drawn_by_chance_that_nobody_can_tell_beforehand(
    doctor: Member, ifeoma: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons(doctor, ifeoma, [f"Called about letter number {number}" for number in range(25)])
    drawn = set(Case.objects.filter(kind="reason").values_list("about", flat=True))
    reasons(doctor, ifeoma, [])
    assert drawn == set(Case.objects.filter(kind="reason").values_list("about", flat=True))
    assert 0 < len(drawn) < 25
    assert DRAWN == 5


def test_a_drawn_reason_is_read_and_misuse_is_told_to_the_patient(
    doctor: Member, ifeoma: Patient, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.watch.operations.cases.DRAWN", 1)
    reasons(doctor, ifeoma, ["Wanted to see the address"])
    case = Case.objects.get(kind="reason")
    assert "Wanted to see the address" in officer.get(f"/watch/cases/{case.id}/").content.decode()
    officer.post(f"/watch/cases/{case.id}/review/", ANSWER | {"outcome": "misuse"})
    deliver_all(Event.CASE_REVIEWED, case=case.id)
    assert [letter.to for letter in mail.outbox] == [["ifeoma@mail.example"]]


def test_figures_are_counted_now_and_show_what_they_were_counted_from(
    case: Case, doctor: Member, ifeoma: Patient, officer: Client
) -> None:
    own = practice()
    browser_of(doctor).get(f"/patients/{ifeoma.id}/emergency/")
    days = staff_days(organisation=own.id, since=now() - timedelta(days=1), zone="Europe/Berlin")
    accesses = sum(day.accesses for day in days if day.person == doctor.person.id)
    assert accesses > 1
    body = " ".join(officer.get("/watch/", headers=ENGLISH).content.decode().split())
    everybody = sum(day.accesses for day in days)
    assert f"1 of {everybody} accesses" in body
    assert f"{1000 / everybody:.1f}" in body


def test_a_reason_that_repeats_is_pointed_out(doctor: Member, ifeoma: Patient, officer: Client) -> None:
    reasons(doctor, ifeoma, ["Called back", "called back!", "Called  back.", "CALLED BACK", "called back"])
    body = officer.get("/watch/", headers=ENGLISH).content.decode()
    assert "typed the same reason 5 times" in body
