"""An app of people is opened: SMART App Launch, with authlib as the app and our pages as what people see."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.test import Client as Browser
from fakes.apps import ORIGIN
from fakes.launches import CHALLENGE, FHIR, VERIFIER, Launch, SignIn, said
from fakes.members import listening
from joserfc import jwt
from joserfc.jwk import KeySet
from stage.programs import BACK, connects
from stage.visits import Stage, person, practice

from teleward.access.actors import ActorKind
from teleward.access.models import AppGrant, AppLaunch, Patient
from teleward.access.operations import consents
from teleward.access.queries.tokens import TokenInvalid, asker
from teleward.access.views import consenting


def test_the_worked_example_of_the_challenge_is_what_the_app_sends(hers: Launch) -> None:
    assert create_s256_code_challenge(VERIFIER) == CHALLENGE == hers.asked["code_challenge"]


def test_a_patient_is_asked_in_plain_words_and_the_app_reads_their_record(hers: Launch, stage: Stage) -> None:
    page = hers.page().content.decode()
    assert "May “Puls” do that for you?" in page
    assert "The whole health record: read" in page
    assert "Until you sign out here." in page
    answer = hers.token(hers.goes_back())
    assert (answer["patient"], answer["expires_in"]) == (str(stage.patient.id), 900)
    assert answer["scope"] == "openid fhirUser launch/patient patient/*.rs"
    assert "refresh_token" not in answer
    actor = asker(token=answer["access_token"])
    assert actor.behalf is not None
    assert (actor.behalf.kind, actor.patient) == (ActorKind.PATIENT, stage.patient.id)


def test_the_answer_carries_state_and_who_we_are(hers: Launch) -> None:
    assert {"state": hers.asked["state"], "iss": ORIGIN}.items() <= said(hers.goes_back()).items()


def test_a_no_is_a_no(hers: Launch) -> None:
    answer = said(hers.goes_back(answer="no"))
    assert (answer["error"], answer["state"]) == ("access_denied", hers.asked["state"])
    assert not AppGrant.objects.exists()


def test_nothing_is_sent_to_an_address_that_is_not_the_apps_own(hers: Launch) -> None:
    for wrong in (
        "https://app.example/back/",
        "https://app.example.evil/back",
        f"{BACK}?x=1",
        "//app.example/back",
        "",
    ):
        answer = hers.page(redirect_uri=wrong)
        assert (answer.status_code, answer["X-Problem"]) == (400, "access:app-unknown")
    assert hers.page(client_id="0" * 8)["X-Problem"] == "access:app-unknown"


def test_an_app_of_another_practice_is_unknown(hers: Launch, stage: Stage) -> None:
    hers.asked["client_id"] = str(connects(practice("Nebenan")).id)
    assert hers.page()["X-Problem"] == "access:app-unknown"
    hers.asked["client_id"] = str(connects(stage.practice, kind="backend").id)
    assert hers.page()["X-Problem"] == "access:app-unknown"


@pytest.mark.parametrize(
    ("more", "error", "reason"),
    [
        ({"response_type": "token"}, "unsupported_response_type", "response-type"),
        ({"code_challenge_method": "plain"}, "invalid_request", "challenge-method"),
        ({"code_challenge_method": ""}, "invalid_request", "challenge-method"),
        ({"code_challenge": "short"}, "invalid_request", "challenge"),
        ({"aud": "https://elsewhere.example/fhir"}, "invalid_request", "audience"),
        ({"state": ""}, "invalid_request", "no-state"),
        ({"scope": "patient/observation.rs"}, "invalid_scope", "unknown-scope"),
        ({"scope": "system/*.rs"}, "invalid_scope", "nothing-allowed"),
        ({"scope": "launch patient/*.rs"}, "unauthorized_client", "no-launch"),
        ({"scope": "patient/*.rs", "launch": "made-up"}, "access_denied", "launch-over"),
    ],
)
def test_a_wrong_question_goes_back_with_the_error_of_the_standard(
    theirs: Launch, more: dict[str, str], error: str, reason: str
) -> None:
    answer = theirs.page(**more)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{BACK}?")
    assert (said(answer["Location"])["error"], said(answer["Location"])["error_description"]) == (
        error,
        reason,
    )


def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_the_question(hers: Launch) -> None:
    hers.browser = Browser()
    answer = hers.page()
    assert answer.status_code == 401
    assert "/sign-in/?next=%2Foauth%2Fauthorize%2F%3F" in answer.content.decode()


def test_what_was_allowed_is_seen_and_taken_back_and_ends_at_once(hers: Launch) -> None:
    token = hers.token(hers.goes_back())["access_token"]
    assert "Puls" in hers.browser.get("/account/apps/").content.decode()
    given = AppGrant.objects.get()
    assert hers.browser.post(f"/account/apps/{given.id}/end/").status_code == 303
    with pytest.raises(TokenInvalid):
        asker(token=token)
    assert "No app acts for you" in hers.browser.get("/account/apps/").content.decode()
    assert hers.browser.post(f"/account/apps/{given.id}/end/").status_code == 404


def test_nobody_takes_back_what_somebody_else_allowed(hers: Launch, stage: Stage, signed_in: SignIn) -> None:
    hers.token(hers.goes_back())
    given = AppGrant.objects.get()
    assert signed_in(stage.doctor).post(f"/account/apps/{given.id}/end/").status_code == 404
    assert AppGrant.objects.get().ended_at is None


def test_staff_choose_the_patient_and_must_be_let_in_to_them(theirs: Launch, stage: Stage) -> None:
    assert "For which patient?" in theirs.page().content.decode()
    found = theirs.browser.post("/oauth/patient/", {**theirs.asked, "search": "Dem"}).content.decode()
    assert "Ayşe Demir" in found
    shown = theirs.says("", patient=str(stage.patient.id)).content.decode()
    assert "Ayşe Demir" in shown
    assert "It never sees more than you may see yourself" in shown
    answer = theirs.token(theirs.goes_back(patient=str(stage.patient.id)))
    assert answer["patient"] == str(stage.patient.id)
    keys = KeySet.import_key_set(json.loads(Browser().get("/oauth/keys/").content))
    claims = jwt.decode(answer["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["fhirUser"] == f"{FHIR}/Practitioner/{stage.doctor.id}"


def test_a_yes_opens_nobody_they_may_not_open(theirs: Launch, stage: Stage, signed_in: SignIn) -> None:
    other = Launch(theirs.client, signed_in(person(stage.practice, "Ana Lima", "interpreter")))
    assert other.says(patient=str(stage.patient.id)).status_code == 403
    stranger = Patient.objects.create(
        organisation=practice("Nebenan"), given_name="Ulf", family_name="Kern", born_on="1950-01-01"
    )
    assert theirs.says(patient=str(stranger.id)).status_code == 403
    assert "For which patient?" in theirs.says().content.decode()  # a yes about nobody asks who
    assert not AppGrant.objects.exists()


def test_an_app_is_opened_from_the_patients_entry(stage: Stage, signed_in: SignIn) -> None:
    stage.visit_now()
    client = connects(stage.practice, launch_url="https://app.example/launch")
    launch = Launch(client, signed_in(stage.doctor), scope="launch patient/*.rs")
    here = f"/patients/{stage.patient.id}/apps/"
    page = launch.browser.get(here)
    assert "Puls" in page.content.decode()
    assert "form-action 'self' https://app.example;" in page["Content-Security-Policy"]
    opened = said(launch.browser.post(f"{here}{client.id}/")["Location"])
    assert opened["iss"] == FHIR
    launch.asked["launch"] = opened["launch"]
    assert "Ayşe Demir" in launch.page().content.decode()
    assert launch.token(launch.goes_back())["patient"] == str(stage.patient.id)
    answer = launch.says()  # the launch was used
    assert said(answer["Location"])["error_description"] == "launch-over"
    assert AppLaunch.objects.get().used_at is not None


def test_a_launch_is_for_whoever_began_it_and_for_five_minutes(
    stage: Stage, signed_in: SignIn, moved_clock: Callable[[timedelta], None]
) -> None:
    stage.visit_now()
    client = connects(stage.practice, launch_url="https://app.example/launch")
    doctor = signed_in(stage.doctor)
    opened = said(doctor.post(f"/patients/{stage.patient.id}/apps/{client.id}/")["Location"])
    other = Launch(client, signed_in(stage.second), scope="launch patient/*.rs")
    assert said(other.page(launch=opened["launch"])["Location"])["error_description"] == "launch-over"
    moved_clock(timedelta(minutes=5))
    own = Launch(client, doctor, scope="launch patient/*.rs")
    assert said(own.page(launch=opened["launch"])["Location"])["error_description"] == "launch-over"


def test_the_form_may_lead_to_the_app_and_nowhere_else(hers: Launch) -> None:
    assert "form-action 'self' https://app.example;" in hers.page()["Content-Security-Policy"]
    assert "form-action 'self';" in hers.browser.get("/account/apps/")["Content-Security-Policy"]


def test_the_ledger_has_the_question_the_yes_and_the_key(
    hers: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    hers.page()
    hers.token(hers.goes_back())
    assert [(entry.action, entry.outcome) for entry in heard] == [
        ("access:app:allow", "allow"),
        ("access:app:allow", "allow"),
        ("access:app:allow", "done"),
        ("access:token:issue", "allow"),
        ("access:token:issue", "done"),
    ]
    assert heard[2].detail["app"] == str(hers.client.id)
    assert heard[2].patient == heard[0].patient is not None


def test_of_two_yeses_to_one_launch_in_the_same_moment_one_counts(
    stage: Stage, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.visit_now()
    client = connects(stage.practice, launch_url="https://app.example/launch")
    launch = Launch(client, signed_in(stage.doctor), scope="launch patient/*.rs")
    opened = launch.browser.post(f"/patients/{stage.patient.id}/apps/{client.id}/")["Location"]
    launch.asked["launch"] = said(opened)["launch"]
    kept: list[consents.Consent] = []

    def read_before_the_other_said_yes(**asked: Any) -> consents.Consent:
        kept.append(kept[0] if kept else consents.consent_for(**asked))
        return kept[-1]

    monkeypatch.setattr(consenting, "consent_for", read_before_the_other_said_yes)
    assert launch.token(launch.goes_back())["patient"] == str(stage.patient.id)
    assert said(launch.goes_back())["error_description"] == "launch-over"
    assert AppGrant.objects.count() == 1
