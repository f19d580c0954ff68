"""Whatever goes wrong is told plainly, under a stable code, and tells nothing about anybody."""

import json
import logging

import pytest
from django.test import Client, override_settings
from stage.troubled import PERSONAL

from teleward.kernel.errors import Problem
from teleward.web.problems import trouble_of, trouble_of_status

CODES = {
    "400": (400, "web:bad-request"),
    "401": (401, "access:sign-in-needed"),
    "403": (403, "web:forbidden"),
    "413": (413, "web:too-large"),
    "429": (429, "web:busy"),
    "500": (500, "web:unexpected"),
}
TRACES = (PERSONAL, "Traceback", "troubled.py", "Broken", "File ")


@pytest.mark.usefixtures("troubled")
@pytest.mark.parametrize("kind", CODES)
def test_trouble_has_its_status_its_code_and_a_number_to_ask_about(visitor: Client, kind: str) -> None:
    response = visitor.get(f"/trouble/{kind}/")
    assert (response.status_code, response.headers["X-Problem"]) == CODES[kind]
    assert response.headers["X-Request-Id"] in response.content.decode()


@pytest.mark.usefixtures("troubled")
@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_no_trouble_tells_what_was_in_the_exception(visitor: Client, kind: str, accept: str) -> None:
    told = visitor.get(f"/trouble/{kind}/", headers={"accept": accept}).content.decode()
    assert [trace for trace in TRACES if trace in told] == []


@pytest.mark.usefixtures("troubled")
def test_a_program_gets_the_same_as_json(visitor: Client) -> None:
    response = visitor.get("/trouble/429/", headers={"accept": "application/json"})
    assert json.loads(response.content) == {
        "code": "web:busy",
        "message": "Please wait a minute.",
        "request": response.headers["X-Request-Id"],
    }


@pytest.mark.usefixtures("troubled")
def test_htmx_gets_a_fragment_for_the_page_that_is_there(visitor: Client) -> None:
    answer = visitor.get("/trouble/500/", headers={"hx-request": "true"})
    assert answer.headers["HX-Retarget"] == "#tw-problem"
    told = answer.content.decode()
    assert "<html" not in told
    assert 'data-code="web:unexpected"' in told


@pytest.mark.usefixtures("troubled")
def test_a_locked_session_gets_the_page_that_unlocks_it(visitor: Client) -> None:
    response = visitor.get("/trouble/locked/")
    assert response.status_code == 401
    assert "/account/unlock/" in response.content.decode()


def test_an_address_that_is_none_is_told_with_a_way_back(visitor: Client) -> None:
    response = visitor.get("/join-us-now/")
    assert (response.status_code, response.headers["X-Problem"]) == (404, "kernel:not-found")
    assert 'href="/"' in response.content.decode()


def test_a_method_that_is_none_is_told_in_words(visitor: Client) -> None:
    response = visitor.get("/language/")
    assert (response.status_code, response.headers["X-Problem"]) == (405, "web:method-not-allowed")
    assert "buttons on the page" in response.content.decode()


def test_a_form_without_its_proof_of_origin_is_refused_with_what_to_do() -> None:
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    response = browser.post("/sign-out/")
    assert (response.status_code, response.headers["X-Problem"]) == (403, "web:form-too-old")
    assert "reload the page" in response.content.decode()


def test_what_is_too_large_is_told_even_before_a_page_is_reached(visitor: Client) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"}, raise_request_exception=False)
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10):
        response = browser.post(
            "/sign-out/", {"text": "x" * 100}, content_type="application/x-www-form-urlencoded"
        )
    assert response.headers["X-Problem"] in {"web:too-large", "web:form-too-old"}


@pytest.mark.usefixtures("troubled")
def test_the_log_says_where_it_broke_and_nothing_personal(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        response = visitor.get(f"/trouble/500/?name={PERSONAL}")
    assert "Broken" in caplog.text
    assert response.headers["X-Request-Id"] in caplog.text
    assert "trouble/<str:kind>/" in caplog.text
    assert PERSONAL not in caplog.text
    assert "?name" not in caplog.text


def test_the_log_does_not_hold_the_token_of_a_link(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        visitor.get("/nowhere/secret-token/")
    assert "secret-token" not in caplog.text
    assert "404" in caplog.text


def test_a_status_without_words_of_its_own_gets_those_of_its_kind() -> None:
    assert trouble_of_status(418).code == "web:bad-request"
    assert trouble_of_status(502).code == "web:unexpected"


def test_a_problem_keeps_its_code_and_its_sentence() -> None:
    told = trouble_of(Problem("Please do it again."))
    assert (told.code, told.status, str(told.message)) == ("kernel:problem", 400, "Please do it again.")


@pytest.mark.django_db
def test_a_guest_without_their_cookie_is_asked_for_the_link_and_not_to_sign_in(visitor: Client) -> None:
    response = visitor.get("/visit/")
    assert response.status_code == 401
    assert "open the link in your invitation again" in response.content.decode()
    assert "/sign-in/" not in response.content.decode()
