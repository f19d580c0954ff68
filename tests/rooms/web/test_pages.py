"""The front door, the language, the terms, and the fingerprints of the call's program."""

import hashlib
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from stage.shell import FilesClient

from teleward.access.actors import NOBODY, Actor, ActorKind
from teleward.web.context import home_of, page, places_of

PUBLIC = ("/", "/protection/", "/terms/", "/design/")


def _staff(*roles: str) -> Actor:
    return Actor(kind=ActorKind.STAFF, roles=frozenset(roles), name="Anna Beispiel")


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize(
    ("wanted", "spoken"), [("de-AT,de;q=0.9,en;q=0.5", "de"), ("en-GB", "en"), ("fr", "en")]
)
def test_a_page_speaks_the_language_the_browser_asks_for(
    visitor: Client, address: str, wanted: str, spoken: str
) -> None:
    response = visitor.get(address, headers={"accept-language": wanted})
    assert f'<html lang="{spoken}">' in response.content.decode()
    assert "Accept-Language" in response.headers["Vary"]


def test_the_chosen_language_wins_and_the_page_stays(visitor: Client) -> None:
    response = visitor.post("/language/", {"language": "de", "next": "/terms/"})
    assert (response.status_code, response.headers["Location"]) == (303, "/terms/")
    cookie = response.cookies["teleward-language"]
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == ("de", "Lax", True)
    assert '<html lang="de">' in visitor.get("/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("unknown", ["", "xx", "fr", "../de", "de\r\nX: y"])
def test_a_language_we_do_not_speak_changes_nothing(visitor: Client, unknown: str) -> None:
    response = visitor.post("/language/", {"language": unknown, "next": "/"})
    assert "teleward-language" not in response.cookies


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_the_language_switch_leads_to_no_other_site(visitor: Client, elsewhere: str) -> None:
    assert visitor.post("/language/", {"language": "de", "next": elsewhere}).headers["Location"] == "/"


def test_each_language_is_offered_by_its_own_name(visitor: Client) -> None:
    told = visitor.get("/", headers={"accept-language": "de"}).content.decode()
    assert 'lang="en">English</button>' in told


def test_public_pages_set_no_cookie_at_all(visitor: Client) -> None:
    for address in PUBLIC:
        visitor.get(address)
    assert dict(visitor.cookies) == {}


def test_the_german_terms_are_whole_before_anybody_signs_in(visitor: Client) -> None:
    told = visitor.get("/terms/", headers={"accept-language": "de"}).content.decode()
    for said in (
        "verantwortlich",
        "Freiwillig",
        "Einwilligung",
        "widerrufen",
        "DSGVO",
        "112",
        "aufzeichnen",
        "Ihre Rechte",
    ):
        assert said in told


@pytest.mark.parametrize(
    ("actor", "first"),
    [
        (_staff("physician"), "/day/"),
        (_staff("reception"), "/day/"),
        (_staff("administrator"), "/staff/"),
        (_staff("privacy-officer"), "/watch/"),
        (_staff("interpreter"), "/account/"),
        (Actor(kind=ActorKind.PATIENT, roles=frozenset({"patient"})), "/window/"),
        (NOBODY, None),
    ],
)
def test_everybody_starts_where_their_work_is(actor: Actor, first: str | None) -> None:
    assert home_of(actor) == first


def test_the_navigation_shows_what_the_roles_open_and_where_one_is() -> None:
    places = places_of(_staff("physician", "privacy-officer"), "/patients/new/")
    assert [(place.address, place.is_here) for place in places] == [
        ("/day/", False),
        ("/patients/", True),
        ("/devices/alerts/", False),
        ("/watch/", False),
        ("/objections/", False),
        ("/staff/", False),
        ("/templates/", False),
    ]
    for address, marked in (("/visits/0/", "/day/"), ("/devices/patients/0/trend/", "/patients/")):
        here = [place.address for place in places_of(_staff("physician"), address) if place.is_here]
        assert here == [marked]


def test_a_page_after_a_form_does_not_repeat_what_was_sent() -> None:
    assert page(RequestFactory().post("/patients/?q=x", {"name": "y"}))["page"].here == "/patients/"


@pytest.mark.django_db  # closing an answer looks after the connections that earlier tests left
@pytest.mark.usefixtures("hashed")
def test_every_published_fingerprint_is_that_of_the_file_a_browser_gets(
    visitor: Client, files: FilesClient
) -> None:
    told = visitor.get("/protection/modules.json").json()
    assert {"call.js", "words.js"} <= {module["name"] for module in told["modules"]}
    assert {"memory.js", "page.js", "verify.js"} == {module["name"] for module in told["seal"]}
    for module in [*told["modules"], *told["seal"]]:
        for address, sha256 in (("address", "sha256"), ("source_address", "source_sha256")):
            assert hashlib.sha256(files.ask("GET", module[address]).content).hexdigest() == module[sha256]


@pytest.mark.usefixtures("hashed")
def test_the_stable_address_serves_the_program_as_it_was_written(visitor: Client) -> None:
    source = Path("teleward/consult/static/consult/call")
    for module in visitor.get("/protection/modules.json").json()["modules"]:
        assert hashlib.sha256((source / module["name"]).read_bytes()).hexdigest() == module["source_sha256"]


@pytest.mark.usefixtures("hashed")
def test_the_page_for_people_lists_the_same_fingerprints(visitor: Client) -> None:
    told = visitor.get("/protection/").content.decode()
    listed = visitor.get("/protection/modules.json").json()
    for module in [*listed["modules"], *listed["seal"]]:
        assert module["sha256"] in told


def test_the_protection_page_says_what_the_words_do_not_prove(visitor: Client) -> None:
    told = visitor.get("/protection/").content.decode()
    assert "A server in wrong hands could send a false program" in told
    assert "A false server could show a false list too." in told


def test_a_weakness_can_be_reported(visitor: Client) -> None:
    told = visitor.get("/.well-known/security.txt").content.decode()
    assert "Contact: http://localhost:8000/protection/#report" in told
    assert "Expires: 20" in told
    assert 'id="report"' in visitor.get("/protection/").content.decode()


def test_search_engines_stay_outside(visitor: Client) -> None:
    assert "Disallow: /" in visitor.get("/robots.txt").content.decode()
    assert '<meta name="robots" content="noindex">' in visitor.get("/").content.decode()


def test_the_sign_is_our_own_picture(visitor: Client) -> None:
    assert visitor.get("/favicon.ico").headers["Location"] == "/static/web/mark.svg"
