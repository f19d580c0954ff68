"""What every response tells the browser to refuse."""

from pathlib import Path

import pytest
from django.test import Client, RequestFactory, override_settings
from stage.shell import FilesClient

from teleward.access.actors import Actor, ActorKind
from teleward.web.safety import safety_headers

EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PAGES = (
    "/",
    "/protection/",
    "/protection/modules.json",
    "/terms/",
    "/robots.txt",
    "/nowhere/",
    "/favicon.ico",
)
VISIT = "01940000-0000-7000-8000-000000000001"
ROOMS = (f"/visits/{VISIT}/room/", "/visit/")
OTHERS = ("/", "/day/", f"/visits/{VISIT}/", "/visit/mode/", f"/visits/{VISIT}/room/more/")


def _policy(path: str, **settings: str) -> dict[str, str]:
    with override_settings(**settings):
        return safety_headers(RequestFactory().get(path))


@pytest.mark.parametrize("page", PAGES)
def test_every_response_carries_every_safety_header(visitor: Client, page: str) -> None:
    headers = visitor.get(page).headers
    assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_kept_by_the_browser_unless_it_says_so(visitor: Client, page: str) -> None:
    assert visitor.get(page).headers["Cache-Control"] == "no-store"


def test_no_policy_allows_anything_unsafe_or_anybody_else() -> None:
    for page in (*ROOMS, *OTHERS):
        policy = _policy(page)["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "*" not in policy
        hosts = {word for word in policy.replace(";", " ").split() if "://" in word}
        assert hosts == {"ws://localhost:8000"}


def test_an_encrypted_site_stays_encrypted() -> None:
    headers = _policy("/", ORIGIN="https://praxis.example")
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "wss://praxis.example" in headers["Content-Security-Policy"]
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in _policy("/")


@pytest.mark.parametrize("page", ROOMS)
def test_a_page_of_the_call_may_ask_for_camera_microphone_screen_and_devices(page: str) -> None:
    allowed = _policy(page)["Permissions-Policy"].split(", ")
    assert {rule for rule in allowed if rule.endswith("(self)")} == {
        "camera=(self)",
        "microphone=(self)",
        "display-capture=(self)",
        "bluetooth=(self)",
    }


@pytest.mark.parametrize("page", OTHERS)
def test_no_other_page_may_ask_for_any_of_them(page: str) -> None:
    assert "(self)" not in _policy(page)["Permissions-Policy"]


def test_strings_become_markup_only_on_the_pages_of_the_practice_that_load_htmx() -> None:
    request = RequestFactory().get("/day/")
    request.actor = Actor(kind=ActorKind.STAFF)  # type: ignore[attr-defined] # as the middleware does
    assert "trusted-types" not in safety_headers(request)["Content-Security-Policy"]
    request.path = ROOMS[0]
    assert "require-trusted-types-for 'script'" in safety_headers(request)["Content-Security-Policy"]
    assert "trusted-types 'none'" in _policy("/visit/")["Content-Security-Policy"]


def test_a_file_named_by_its_hash_is_kept_for_good(files: FilesClient, hashed: Path) -> None:
    style = next((hashed / "web").glob("teleward.*.css")).name
    response = files.ask("GET", f"/static/web/{style}")
    assert "--tw-teal" in response.text
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers
    assert not {"ETag", "Last-Modified", "X-Request-Id"} & set(response.headers)


def test_a_picture_that_is_opened_alone_runs_nothing(files: FilesClient) -> None:
    headers = files.ask("GET", "/static/web/mark.svg").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_may_change_is_compared_and_not_sent_again(files: FilesClient) -> None:
    first = files.ask("GET", "/static/web/mark.svg")
    again = files.ask("GET", "/static/web/mark.svg", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_data_for_a_script_needs_no_long_policy(visitor: Client) -> None:
    headers = visitor.get("/protection/modules.json").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "Permissions-Policy" not in headers


def test_a_part_that_only_a_script_can_ask_for_needs_no_policy_of_a_page(visitor: Client) -> None:
    headers = visitor.get("/", headers={"HX-Request": "true"}).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert not {"Permissions-Policy", "Cross-Origin-Opener-Policy"} & set(headers)


@pytest.mark.parametrize("path", ["/static/", "/static/nothing.js", "/static/../settings.py", "/static/web/"])
def test_what_is_no_file_is_left_to_the_pages(files: FilesClient, path: str) -> None:
    assert files.ask("GET", path).text == "a page"


def test_nothing_is_written_to_a_file(files: FilesClient) -> None:
    assert files.ask("POST", "/static/web/mark.svg").status_code == 405


def test_a_file_may_be_asked_for_without_its_content(files: FilesClient) -> None:
    response = files.ask("HEAD", "/static/web/mark.svg")
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 100


def test_a_request_keeps_the_id_it_came_with(visitor: Client) -> None:
    given = "018f4e2a-7777-7000-8000-000000000001"
    assert visitor.get("/", headers={"x-request-id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "<script>alert</script>", "a b c d e f g h", "-leading-dash"]
)
def test_an_id_that_is_none_is_replaced(visitor: Client, given: str) -> None:
    answered = visitor.get("/", headers={"x-request-id": given}).headers["X-Request-Id"]
    assert answered != given
    assert len(answered) == 36
