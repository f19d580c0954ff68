"""The patient's way in, without JavaScript: link, choice, consent, and links that open nothing."""

import json
import logging
import re
from datetime import timedelta

import psycopg
import pytest
from django.core import mail
from django.test import Client
from stage.deliveries import do_what_waits
from stage.visits import Stage, set_stage

from teleward.access.grants import Action
from teleward.access.models import Pass, PassClaim
from teleward.audit.queries import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import Choice, Company, Consent, Invitation, Withdrawal
from teleward.consult.operations.endings import end
from teleward.consult.operations.guests import Post, add_guest, remove_guest, send_invitation, show_link
from teleward.consult.queries.guests import guests
from teleward.consult.tasks import send_invitation as send_job
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token


def path_of(url: str) -> str:
    return "/join/" + url.split("/join/")[1]


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


@pytest.fixture
def path(stage: Stage, visit: VisitCard) -> str:
    return path_of(stage.link(visit).url)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


YES = {"mode": "video", "agreed": "on", "company": ""}


def test_looking_at_a_link_claims_nothing(path: str, browser: Client) -> None:
    page = browser.get(path, headers={"cookie": "teleward-language=en"})
    assert page.status_code == 200
    assert b"Dr. Jana Nov" in page.content
    assert not PassClaim.objects.exists()
    assert "__Host-visit" not in browser.cookies


def test_the_page_speaks_the_language_of_the_invitation(path: str, browser: Client) -> None:
    assert "Was geschehen wird" in browser.get(path).content.decode()


def test_the_purpose_is_not_on_the_page(path: str, browser: Client) -> None:
    assert "Knieschmerz" not in browser.get(path).content.decode()


def test_without_consent_the_button_opens_nothing(path: str, browser: Client) -> None:
    page = browser.post(path, {"mode": "video"})
    assert page.status_code == 422
    assert not PassClaim.objects.exists()


def test_what_was_filled_in_stays_when_something_is_missing(path: str, browser: Client) -> None:
    page = browser.post(path, {"mode": "phone", "company": "meine Tochter"}).content.decode()
    assert 'value="phone" checked' in page
    assert 'value="meine Tochter"' in page


def test_the_answer_to_the_choice_is_the_room_itself(path: str, browser: Client) -> None:
    entered = browser.post(path, YES)
    assert entered.status_code == 200
    assert b"consult/room/room.js" in entered.content
    assert "camera=(self)" in entered["Permissions-Policy"]
    page = json.loads(re.search(rb'<script id="page"[^>]*>(.*?)</script>', entered.content)[1])  # type: ignore[index]
    assert page["urls"]["here"] == "/visit/"
    assert path.split("/")[2].encode() not in entered.content  # the room does not hold the link


def test_who_will_be_called_by_phone_comes_to_a_page_that_can_be_reloaded(path: str, browser: Client) -> None:
    entered = browser.post(path, YES | {"mode": "phone"})
    assert (entered.status_code, entered["Location"]) == (303, "/visit/")


def test_the_way_in_works_without_javascript(path: str, browser: Client) -> None:
    entered = browser.post(path, YES)
    cookie = entered.cookies["__Host-visit"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    room = browser.get("/visit/")
    assert room.status_code == 200
    assert b"consult/room/room.js" in room.content


def test_a_declined_way_is_kept_with_its_reason_and_the_next_is_offered(path: str, browser: Client) -> None:
    page = browser.get(path + "?not=video").content.decode()
    assert 'value="privacy"' in page
    assert 'id="mode-audio" name="mode" value="audio" checked' in page
    assert 'id="mode-video"' not in page
    browser.post(path, {**YES, "mode": "audio", "not": "video", "why-video": "privacy"})
    choice = Choice.objects.get()
    assert (choice.mode, choice.declined, choice.reason) == ("audio", "video", "privacy")


def test_two_declined_ways_are_two_choices(path: str, browser: Client) -> None:
    said = {**YES, "mode": "text", "not": ["video", "audio"], "why-video": "camera", "why-audio": "nonsense"}
    browser.post(path, said)
    kept = list(Choice.objects.order_by("at").values_list("declined", "reason", "mode"))
    assert kept == [("video", "camera", "text"), ("audio", "other", "text")]


def test_every_choice_is_kept_and_the_last_one_counts(path: str, browser: Client) -> None:
    browser.post(path, YES)
    browser.post("/visit/choice/", {"mode": "audio", "reason": "equipment"})
    browser.post("/visit/mode/", {"mode": "phone", "company": ""})
    assert list(Choice.objects.order_by("at").values_list("mode", flat=True)) == ["video", "audio", "phone"]
    assert b"Dr. Jana Nov" in browser.get("/visit/").content
    assert b"room.js" not in browser.get("/visit/").content


def test_who_else_is_there_is_sealed(path: str, browser: Client) -> None:
    browser.post(path, {**YES, "company": "meine Tochter"})
    assert b"Tochter" not in bytes(Company.objects.get().who)


def test_consent_is_kept_with_its_version_and_can_be_taken_back_at_any_time(
    path: str, browser: Client
) -> None:
    browser.post(path, YES)
    given = Consent.objects.get()
    assert (given.version, given.language) == ("2026-11", "de")
    assert browser.post("/visit/consent/withdrawal/").status_code == 303
    assert Withdrawal.objects.get().consent == given
    assert browser.get("/visit/")["Location"] == "/visit/mode/"
    browser.post("/visit/mode/", YES)
    assert Consent.objects.count() == 2
    assert browser.get("/visit/").status_code == 200


def test_a_second_device_closes_the_first(path: str, browser: Client) -> None:
    browser.post(path, YES)
    Client().post(path, YES)
    assert browser.get("/visit/").status_code == 401


@pytest.mark.django_db
def test_the_visit_page_without_its_cookie_says_what_to_do(browser: Client) -> None:
    page = browser.get("/visit/")
    assert page.status_code == 401
    assert b"open the link in your invitation again" in page.content


@pytest.mark.parametrize("token", ["", "x", "T" * 43, "..%2f", "a" * 500])
def test_an_unknown_link_says_what_to_do_and_names_nobody(stage: Stage, browser: Client, token: str) -> None:
    page = browser.get(f"/join/{token}/")
    assert page.status_code == 404
    assert b"Lindenhof" not in page.content


def test_an_expired_link_has_its_own_page(path: str, browser: Client) -> None:
    Pass.objects.update(expires_at=now() - timedelta(seconds=1))
    page = browser.get(path)
    assert (page.status_code, b"This link has expired" in page.content) == (410, True)
    assert browser.post(path, YES).status_code == 410


def test_the_device_that_holds_an_expired_link_is_a_stranger_again(path: str, browser: Client) -> None:
    browser.post(path, YES)
    assert browser.get("/visit/consent/").status_code == 200
    Pass.objects.update(expires_at=now() - timedelta(seconds=1))
    assert browser.get("/visit/consent/").status_code == 401


def test_an_older_link_is_replaced_by_a_newer_one(
    stage: Stage, visit: VisitCard, path: str, browser: Client
) -> None:
    newer = path_of(stage.link(visit).url)
    page = browser.get(path)
    assert (page.status_code, b"replaced or withdrawn" in page.content) == (410, True)
    assert browser.get(newer).status_code == 200


def test_the_link_of_a_guest_who_was_removed_opens_nothing(
    stage: Stage, visit: VisitCard, browser: Client
) -> None:
    grant = stage.grant(Action.VISIT_INVITE, visit)
    guest = add_guest(grant=grant, visit=visit.id, role="interpreter", name="Ali Kaya", language="de")
    path = path_of(show_link(grant=grant, visit=visit.id, guest=guest).url)
    assert browser.get(path).status_code == 200
    remove_guest(grant=grant, visit=visit.id, guest=guest)
    assert browser.get(path).status_code == 410


def test_a_link_opens_its_visit_and_no_other_page(path: str, browser: Client, visit: VisitCard) -> None:
    browser.post(path, YES)
    for address in (f"/visits/{visit.id}/", f"/visits/{visit.id}/note/", "/day/", "/patients/", "/window/"):
        assert browser.get(address).status_code in {401, 403}


def test_after_the_end_the_link_leads_to_the_receipt(
    stage: Stage, visit: VisitCard, path: str, browser: Client
) -> None:
    browser.post(path, YES)
    grant = stage.grant(Action.VISIT_END, visit)
    end(grant=grant, visit=visit.id, disposition="referral", follow_up_offered=True)
    assert browser.get("/visit/")["Location"] == "/visit/receipt/"
    page = browser.get("/visit/receipt/").content.decode()
    for words in (
        "Überwiesen",
        "ein weiterer Termin wurde angeboten",
        "Dr. Jana Novák sah",
        "nie gespeichert",
    ):
        assert words in page
    assert browser.get("/visit/receipt/?print=1").status_code == 200
    again = Client()
    assert again.post(path, {})["Location"] == "/visit/"


def test_the_looks_and_the_claim_stand_in_the_ledger(stage: Stage, path: str, browser: Client) -> None:
    browser.get(path)
    browser.post(path, YES)
    actions = [entry.facts["action"] for entry in of_patient(patient=stage.patient.id)]
    assert "consult:visit:claim" in actions
    assert "consult:visit:consent" in actions


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_secret_of_a_link_is_never_logged(
    path: str, browser: Client, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    with caplog.at_level(logging.WARNING):
        getattr(browser, method)(path, {})
        getattr(Client(enforce_csrf_checks=True), method)(path, {})
        getattr(browser, method)(f"/join/{new_token()}/")
    assert "/join/" not in caplog.text


def tables(connection: psycopg.Connection) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [name for (name,) in found]


def test_the_secret_of_a_link_is_nowhere_in_the_database(
    fresh_database: str, owner_connection: psycopg.Connection, browser: Client
) -> None:
    stage = set_stage()
    visit = stage.visit_now()
    token = stage.link(visit).url.split("/join/")[1].strip("/")
    browser.get(f"/join/{token}/")
    secret = browser.post(f"/join/{token}/", YES).cookies["__Host-visit"].value.partition(".")[2]
    for table in tables(owner_connection):
        dump = str(owner_connection.execute(f"SELECT t::text FROM {table} t").fetchall())  # type: ignore[call-overload]
        assert token not in dump
        assert secret not in dump


def test_the_job_makes_the_link_sends_it_and_sends_it_once(stage: Stage, visit: VisitCard) -> None:
    grant = stage.grant(Action.VISIT_INVITE, visit)
    post = Post(channel="email", address="ayse@example.org")
    send_invitation(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id, post=post)
    written = Invitation.objects.get()
    assert (written.pass_id, written.sent_at) == (None, None)
    assert b"ayse" not in bytes(written.address or b"")
    do_what_waits("consult.send_invitation")
    send_job(str(written.id))
    assert [message.to for message in mail.outbox] == [["ayse@example.org"]]
    message = mail.outbox[0]
    assert [name for name, _content, _kind in message.attachments] == ["appointment.ics"]
    assert Client().get(path_of(message.body).split()[0]).status_code == 200
    assert "Knieschmerz" not in message.message().as_string()


def test_another_guest_does_not_choose_for_the_patient(stage: Stage, visit: VisitCard) -> None:
    grant = stage.grant(Action.VISIT_INVITE, visit)
    guest = add_guest(grant=grant, visit=visit.id, role="relative", name="Deniz", language="de")
    relative = Client()
    relative.post(path_of(show_link(grant=grant, visit=visit.id, guest=guest).url))
    assert relative.get("/visit/").status_code == 200
    for address in ("/visit/choice/", "/visit/mode/"):
        relative.post(address, {"mode": "phone", "reason": "privacy", "not": "video", "agreed": "on"})
    assert not Choice.objects.exists()
    assert not Consent.objects.exists()


def test_the_language_stays_with_this_site(path: str, browser: Client) -> None:
    cookie = browser.post(path, YES).cookies["teleward-language"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
