"""The keys of an app: for a code with its verifier, once; renewed once; over with what they rest on."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from authlib.integrations.base_client.errors import OAuthError
from django.db import transaction
from django.test import Client as Browser
from fakes.apps import KEY, ORIGIN, TOKEN, public
from fakes.launches import FHIR, VERIFIER, Launch, SignIn, said
from joserfc import jwt
from joserfc.jwk import KeySet
from stage.programs import BACK, allows, connects, holds
from stage.visits import HERE, Stage, person

from teleward.access.grants import Action, Subject
from teleward.access.models import (
    AppCode,
    AppGrant,
    AppToken,
    Deactivation,
    Person,
    StaffInvitation,
)
from teleward.access.operations.erasing import erase_sharing
from teleward.access.operations.people import system_grant
from teleward.access.operations.ways_back import begin_anew
from teleward.access.queries.tokens import TokenInvalid, asker
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id


def published() -> KeySet:
    return KeySet.import_key_set(json.loads(Browser().get("/oauth/keys/").content))


def test_the_identity_token_is_signed_by_the_key_that_is_published(
    hers: Launch, own: Person, stage: Stage
) -> None:
    token = hers.token(hers.goes_back())["id_token"]
    read = jwt.decode(token, published(), algorithms=["RS256"])
    assert read.claims["iss"] == ORIGIN
    assert read.claims["aud"] == str(hers.client.id)
    assert (read.claims["sub"], read.claims["nonce"]) == (str(own.id), "n-1")
    assert read.claims["fhirUser"] == f"{FHIR}/Patient/{stage.patient.id}"
    assert 0 < read.claims["exp"] - read.claims["iat"] <= 300
    assert not any(key.is_private for key in published().keys)


def test_a_code_is_good_once_and_a_second_time_ends_what_came_of_it(hers: Launch) -> None:
    location = hers.goes_back()
    token = hers.token(location)["access_token"]
    assert asker(token=token)
    assert hers.refused(location) == "invalid_grant code-used"
    with pytest.raises(TokenInvalid):
        asker(token=token)
    assert AppGrant.objects.get().ended_because == "reuse"


def test_a_code_is_good_for_a_minute(hers: Launch, moved_clock: Callable[[timedelta], None]) -> None:
    location = hers.goes_back()
    moved_clock(timedelta(seconds=60))
    assert hers.refused(location) == "invalid_grant code-too-old"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"code_verifier": "x" * 43}, "verifier"),
        ({"code_verifier": "short"}, "verifier"),
        ({"redirect_uri": "https://app.example/other"}, "redirect"),
    ],
)
def test_a_code_without_its_verifier_or_address_is_nothing_and_used_up(
    hers: Launch, how: dict[str, str], reason: str
) -> None:
    location = hers.goes_back()
    assert hers.refused(location, **how) == f"invalid_grant {reason}"
    assert hers.refused(location) == "invalid_grant code-used"


def test_another_app_cannot_use_the_code(hers: Launch, stage: Stage) -> None:
    location = hers.goes_back()
    other = Launch(connects(stage.practice), hers.browser)
    other.session.state = None
    with pytest.raises(OAuthError, match="unknown-code"):
        other.session.fetch_token(
            TOKEN, code=said(location)["code"], code_verifier=VERIFIER, redirect_uri=BACK
        )
    assert hers.token(location)["access_token"]


def test_with_offline_access_it_goes_on_and_each_refresh_token_is_exchanged_once(
    stage: Stage, own: Person, signed_in: SignIn
) -> None:
    launch = Launch(connects(stage.practice), signed_in(own), scope="patient/*.rs offline_access")
    assert "also while you are not signed in here" in launch.page().content.decode()
    first = launch.token(launch.goes_back())
    second = dict(launch.session.refresh_token(TOKEN, refresh_token=first["refresh_token"]))
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert second["patient"] == str(stage.patient.id)
    with pytest.raises(OAuthError, match="token-used"):
        launch.session.refresh_token(TOKEN, refresh_token=first["refresh_token"])
    for token in (first, second):
        with pytest.raises(TokenInvalid):
            asker(token=token["access_token"])
    with pytest.raises(OAuthError, match="token-over"):
        launch.session.refresh_token(TOKEN, refresh_token=second["refresh_token"])


def test_a_refresh_may_ask_for_less_and_never_for_more(stage: Stage, own: Person, signed_in: SignIn) -> None:
    launch = Launch(connects(stage.practice), signed_in(own), scope="patient/Observation.rs offline_access")
    first = launch.token(launch.goes_back())
    with pytest.raises(OAuthError, match="nothing-allowed"):
        launch.session.refresh_token(
            TOKEN, refresh_token=first["refresh_token"], scope="patient/Condition.rs"
        )
    again = launch.token(launch.goes_back())
    less = launch.session.refresh_token(TOKEN, refresh_token=again["refresh_token"], scope="patient/*.r")
    assert less["scope"] == "patient/Observation.r"


def test_without_it_the_app_ends_when_the_person_signs_out(hers: Launch) -> None:
    token = hers.token(hers.goes_back())["access_token"]
    assert asker(token=token)
    hers.browser.post("/sign-out/")
    with pytest.raises(TokenInvalid):
        asker(token=token)


def test_a_confidential_app_proves_itself_and_another_cannot_speak_for_it(
    stage: Stage, own: Person, signed_in: SignIn
) -> None:
    client = connects(stage.practice, kind="confidential", keys=public())
    launch = Launch(client, signed_in(own), key=KEY)
    assert launch.token(launch.goes_back())["access_token"]
    bare = Launch(client, signed_in(own))
    assert bare.refused(bare.goes_back()) == "invalid_client no-proof"


def test_secrets_are_kept_as_hashes_only(stage: Stage, own: Person, signed_in: SignIn) -> None:
    launch = Launch(connects(stage.practice), signed_in(own), scope="patient/*.rs offline_access")
    location = launch.goes_back()
    answer = launch.token(location)
    kept = str([list(model.objects.values()) for model in (AppCode, AppToken, AppGrant)])
    for secret in (said(location)["code"], answer["access_token"], answer["refresh_token"]):
        assert secret not in kept


def test_who_left_gets_no_key_for_an_old_yes(stage: Stage, signed_in: SignIn) -> None:
    leaver = person(stage.practice, "Dr. Eva Lenz", "physician")
    launch = Launch(connects(stage.practice), signed_in(leaver), scope="user/*.rs offline_access")
    token = launch.token(launch.goes_back())
    Deactivation.objects.create(person=leaver)
    with pytest.raises(OAuthError, match="consent-over"):
        launch.session.refresh_token(TOKEN, refresh_token=token["refresh_token"])


def test_who_comes_back_by_a_new_way_in_has_to_allow_their_apps_anew(stage: Stage) -> None:
    client = connects(stage.practice)
    token = holds(client, allows(client, stage.doctor))
    row = StaffInvitation.objects.create(
        organisation=stage.practice,
        person=stage.doctor,
        token_hash=b"x" * 32,
        email="neu@example.org",
        name="Dr. Jana Novák",
        expires_at=now() + timedelta(hours=1),
    )
    with transaction.atomic():
        begin_anew(row=row, circumstances=HERE)
    with pytest.raises(TokenInvalid):
        asker(token=token)


def test_a_patient_whose_sharing_was_erased_has_no_apps_any_more(stage: Stage, own: Person) -> None:
    client = connects(stage.practice)
    token = holds(client, allows(client, own, patient_id=stage.patient.id))
    about = Subject(kind="Erasure", id=new_id(), organisation=stage.practice.id, patient=stage.patient.id)
    erase_sharing(grant=system_grant(action=Action.ERASURE_ANSWER, organisation=None, subject=about))
    with pytest.raises(TokenInvalid):
        asker(token=token)
    assert not AppGrant.objects.exists()
