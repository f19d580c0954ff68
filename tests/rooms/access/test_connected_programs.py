"""An administrator connects a program and disconnects it; what is typed wrongly is asked about again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from fakes.apps import KEY, public
from stage.programs import allows, connects, holds
from stage.visits import Stage, person

from teleward.access.models import AppGrant, Client, ClientEnd, Person
from teleward.access.queries.tokens import TokenInvalid, asker

TYPED = {
    "name": "Puls",
    "what_for": "Zeigt Messwerte als Kurve.",
    "kind": "public",
    "redirect_uris": "https://app.example/back http://localhost:9000/back com.example.puls:/back",
    "launch_url": "https://app.example/launch",
    "scopes": "launch/patient openid patient/Observation.rs",
}
SYSTEM = {**TYPED, "kind": "backend", "redirect_uris": "", "launch_url": "", "scopes": "system/*.rs"}


@pytest.fixture
def admin(stage: Stage, signed_in: Callable[[Person], Browser]) -> Browser:
    return signed_in(person(stage.practice, "Mara Lind", "administrator"))


def types(admin: Browser, **changes: str) -> Any:
    return admin.post("/apps/new/", {**TYPED, **changes})


def test_a_program_is_connected_and_its_makers_find_what_they_need(admin: Browser, stage: Stage) -> None:
    answer = types(admin)
    client = Client.objects.get()
    assert answer["Location"] == f"/apps/{client.id}/"
    page = admin.get(answer["Location"]).content.decode()
    for words in (
        str(client.id),
        "http://localhost:8000/fhir",
        "com.example.puls:/back",
        "Measurements and results",
    ):
        assert words in page
    assert (client.organisation, client.per_minute) == (stage.practice, 3000)
    assert "Puls" in admin.get("/apps/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"what_for": ""},
        {"kind": "anything"},
        {"redirect_uris": ""},
        {"redirect_uris": "http://app.example/back"},
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "data:text/html,x"},
        {"redirect_uris": "https://app.example/back#here"},
        {"redirect_uris": "https://user@app.example/back"},
        {"redirect_uris": "https://app.example/;x"},
        {"launch_url": "com.example.puls:/launch"},
        {"scopes": ""},
        {"scopes": "patient/observation.rs"},
        {"scopes": "system/*.rs"},
        {"scopes": "patient/Observation.sr"},
        {"per_minute": "0"},
        {"kind": "confidential"},
        {"kind": "confidential", "keys": "{}"},
        {"kind": "confidential", "keys": "no json"},
        {"kind": "confidential", "keys": json.dumps({"keys": [{**KEY.as_dict(private=True), "kid": "1"}]})},
        {"kind": "confidential", "keys_url": "http://keys.example/"},
        {"kind": "confidential", "keys_url": "https://keys.example/", "keys": json.dumps(public())},
    ],
)
def test_what_is_wrong_is_asked_about_again_and_nothing_is_kept(
    admin: Browser, wrong: dict[str, str]
) -> None:
    answer = types(admin, **wrong)
    assert answer.status_code == 422
    assert "tw-error" in answer.content.decode()
    assert "dict_keys" not in answer.content.decode()
    assert not Client.objects.exists()


def test_a_system_is_connected_with_its_keys_and_without_addresses(admin: Browser) -> None:
    assert admin.post("/apps/new/", {**SYSTEM, "keys": json.dumps(public())}).status_code == 302
    assert admin.post("/apps/new/", {**SYSTEM, "keys_url": "https://lab.example/keys"}).status_code == 302
    assert [client.redirect_uris for client in Client.objects.all()] == [[], []]
    assert (
        admin.post(
            "/apps/new/", {**SYSTEM, "scopes": "patient/*.rs", "keys_url": "https://x.example/"}
        ).status_code
        == 422
    )


def test_disconnected_it_gets_nothing_more_and_all_that_was_allowed_is_over(
    admin: Browser, stage: Stage
) -> None:
    client = connects(stage.practice)
    token = holds(client, allows(client, stage.doctor))
    assert admin.post(f"/apps/{client.id}/end/", {"reason": " "}).status_code == 422
    assert asker(token=token)
    assert admin.post(f"/apps/{client.id}/end/", {"reason": "Vertrag beendet"}).status_code == 302
    with pytest.raises(TokenInvalid):
        asker(token=token)
    assert ClientEnd.objects.get().reason == "Vertrag beendet"
    assert AppGrant.objects.get().ended_because == "disconnected"
    assert "disconnected" in admin.get("/apps/").content.decode()
    assert admin.post(f"/apps/{client.id}/end/", {"reason": "again"}).status_code == 404


def test_a_privacy_officer_sees_them_and_changes_none(
    stage: Stage, signed_in: Callable[[Person], Browser]
) -> None:
    client = connects(stage.practice)
    officer = signed_in(person(stage.practice, "Nele Ott", "privacy-officer"))
    assert "Connect a program" not in officer.get("/apps/").content.decode()
    assert officer.get(f"/apps/{client.id}/").status_code == 200
    assert officer.post(f"/apps/{client.id}/end/", {"reason": "x"}).status_code == 403
    assert officer.post("/apps/new/", TYPED).status_code == 403


def test_nobody_sees_the_programs_of_another_practice(
    stage: Stage, stranger: Person, signed_in: Callable[[Person], Browser]
) -> None:
    client = connects(stage.practice)
    elsewhere = signed_in(person(stranger.organisation, "Uwe Rau", "administrator"))
    assert "Puls" not in elsewhere.get("/apps/").content.decode()
    assert elsewhere.get(f"/apps/{client.id}/").status_code == 404
    assert elsewhere.post(f"/apps/{client.id}/end/", {"reason": "x"}).status_code == 404
