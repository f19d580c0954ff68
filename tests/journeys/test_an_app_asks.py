"""An app asks, a doctor chooses for whom and says yes; the app gets its key, and loses it again."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest
from journeys.clinic import Clinic
from journeys.looking import Eye
from journeys.people import person
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
SCOPE = "launch/patient patient/Observation.rs?category=laboratory patient/Condition.cruds openid"
CONNECT = """INSERT INTO access_client (id, organisation_id, name, what_for, kind, redirect_uris, launch_url,
    keys_url, scopes, per_minute, registered_at)
    SELECT %s, id, 'Puls', 'Zeigt Messwerte als Kurve.', 'public', %s, '', '', %s, 3000, now()
    FROM access_organisation LIMIT 1"""


@pytest.fixture(params=["en", "de"])
def eye(request: pytest.FixtureRequest, chromium: Browser, clinic: Clinic) -> Iterator[Eye]:
    with person(chromium, locale=request.param, base_url=clinic.origin) as page:
        yield Eye(page, request.param)


@pytest.fixture
def back() -> Iterator[str]:
    """Where the app is answered."""

    class App(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>App</title><link rel=icon href=data:,><p>app</p>")

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{server.server_port}/back"
    server.shutdown()
    server.server_close()
    thread.join()


def asked(clinic: Clinic, client: str, back: str) -> str:
    question = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": "s-1",
        "aud": f"{clinic.origin}/fhir",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"/oauth/authorize/?{urlencode(question)}"


def connected(clinic: Clinic, back: str) -> str:
    client = str(uuid4())
    with clinic.database() as connection:
        connection.execute(CONNECT, [client, json.dumps([back]), SCOPE])
    return client


def press(page: Page, what: str) -> None:
    with page.expect_navigation():
        page.locator(what).first.click()


def exchanged(clinic: Clinic, client: str, address: str, back: str) -> dict[str, Any]:
    answer = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (answer["state"], answer["iss"]) == ("s-1", clinic.origin)
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back}
    form |= {"client_id": client, "code_verifier": VERIFIER}
    said = httpx.get(f"{clinic.origin}/fhir/.well-known/smart-configuration").json()
    return dict(httpx.post(said["token_endpoint"], data=form).json())


def reads(clinic: Clinic, token: dict[str, Any], kind: str) -> int:
    """What the chart answers the app."""
    about = {"patient": token["patient"]}
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    return httpx.get(f"{clinic.origin}/fhir/{kind}", params=about, headers=bearer).status_code


def test_an_app_is_allowed_reads_what_was_said_and_is_ended(clinic: Clinic, eye: Eye, back: str) -> None:
    page, client = eye.page, connected(clinic, back)
    host = clinic.staff("Dr. Mira Holm", roles=("physician", "administrator"), language=eye.language)
    visit = clinic.visit(host, clinic.patient("Tomasz Zieliński", language=eye.language))
    page.goto(clinic.sign_in_link(host))
    press(page, "main button")
    eye.goes(asked(clinic, client, back), name="app-patient")
    page.fill("[name=search]", "Zie")
    press(page, "main form .tw-button")
    eye.at("app-patient-found")
    press(page, f"form:has([value='{visit.patient.id}']) .tw-button")
    eye.at("consent")
    press(page, "[name=answer][value=yes]")
    token = exchanged(clinic, client, page.url, back)
    assert token["patient"] == visit.patient.id
    assert [reads(clinic, token, kind) for kind in ("Observation", "Condition")] == [200, 200]
    assert reads(clinic, token, "Immunization") == 403
    for address in ("/apps/", f"/apps/{client}/", f"/patients/{visit.patient.id}/apps/"):
        eye.goes(address)
    eye.goes("/account/apps/")
    press(page, "main form .tw-button")
    assert reads(clinic, token, "Observation") == 401
    assert eye.found == []
