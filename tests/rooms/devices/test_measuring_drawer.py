"""What the patient's drawer brings: every kind with its limits, words for all that happens."""

import html
import json
import re
from typing import Any

import polib
import pytest
from django.test import Client
from rooms.devices.test_showing_and_keeping import guest, post
from stage.visits import Stage

from architecture.rooms import PACKAGE
from teleward.consult.cards import VisitCard
from teleward.devices.flags import FLAGS
from teleward.devices.kinds import KINDS

pytestmark = pytest.mark.django_db
SCRIPTS = PACKAGE / "devices/static/devices/patient"
PARTS = ("measure", "typing", "flags")
STATES = ("none", "connecting", "connected", "measuring", "out-of-range", "disconnected", "stopped")
ABSENT = ("not-a-number", "not-at-this-resolution", "positive-infinity", "negative-infinity", "reserved")
BROWSERS = re.compile(r"chrome|chromium|firefox|safari|edge|opera|bluefy|webble", re.IGNORECASE)


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


@pytest.fixture
def patient(stage: Stage, visit: VisitCard) -> Client:
    return guest(stage, visit)


def drawer(client: Client, part: str = "measure", **headers: str) -> str:
    answer = client.get(f"/devices/{part}/", headers={"hx-request": "true", **headers})
    assert answer.status_code == 200
    return answer.content.decode()


def page(client: Client) -> dict[str, Any]:
    return told(drawer(client), "page")


def told(content: str, name: str) -> dict[str, Any]:
    found = re.search(rf'data-{name}="([^"]+)"', content)
    assert found
    return dict(json.loads(html.unescape(found[1])))


def agreed(client: Client) -> list[dict[str, Any]]:
    """What the page hears of every kind once the patient agreed to show them."""
    answer = post(client, "/devices/sharing/", {"kinds": list(KINDS), "until": "end"})
    kinds: list[dict[str, Any]] = answer.json()["kinds"]
    return kinds


def test_the_drawer_knows_its_visit_and_the_names_of_every_kind(patient: Client, visit: VisitCard) -> None:
    known = page(patient)
    assert known["visit"] == str(visit.id)
    assert [kind["name"] for kind in known["kinds"]] == list(KINDS)


def test_with_the_consent_comes_how_the_kind_is_read_with_the_limits_of_the_server(patient: Client) -> None:
    signs = page(patient)["signs"]
    for kind in agreed(patient):
        known = {each.code: each for each in KINDS[kind["name"]].quantities}
        assert [quantity["code"] for quantity in kind["quantities"]] == list(known)
        assert kind["service"] == KINDS[kind["name"]].service
        for quantity in kind["quantities"]:
            own = known[quantity["code"]]
            assert (quantity["lowest"], quantity["highest"]) == (str(own.lowest), str(own.highest))
            assert signs[own.unit]


def test_each_kind_that_can_be_typed_has_a_form_that_needs_its_first_value(patient: Client) -> None:
    content = drawer(patient, "typing")
    forms = told(content, "typing")
    assert list(forms) == [name for name, kind in KINDS.items() if kind.can_be_typed]
    for kind in KINDS.values():
        assert (f'data-typed="{kind.name}"' in content) == kind.can_be_typed
        fields = {field["code"]: field for field in forms.get(kind.name, [])}
        assert all(field["needed"] for field in list(fields.values())[:1])
        for own in kind.quantities:
            assert (f'id="typed-{kind.name}-{own.code}"' in content) == (own.code in fields)
            units = [unit["unit"] for unit in fields.get(own.code, {"units": []})["units"]]
            assert units == ([own.unit, *own.typed] if own.code in fields else [])


def test_what_devices_say_besides_has_its_words_in_both_languages(patient: Client) -> None:
    answers = [
        patient.get("/devices/flags/", headers={"accept-language": one}).json() for one in ("en", "de")
    ]
    assert [set(words) for words in answers] == [set(FLAGS)] * 2
    assert answers[1]["irregular-pulse"] != answers[0]["irregular-pulse"]


def test_the_modules_of_the_kinds_are_where_the_page_says(patient: Client) -> None:
    for kind in agreed(patient):
        name = kind["module"].rpartition("/")[2].partition(".")[0]
        assert (PACKAGE / f"devices/static/devices/kinds/{name}.js").is_file()


def test_every_word_that_the_modules_ask_for_is_there(patient: Client) -> None:
    content = drawer(patient) + drawer(patient, "typing")
    known = set(re.findall(r'data-word="([^"]+)"', content))
    code = "\n".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    asked = set(re.findall(r'\bword\("([a-z-]+)"', code)) | set(re.findall(r'"(device-[a-z]+)"', code))
    asked |= {f"state-{state}" for state in STATES} | {f"absent-{why}" for why in ABSENT}
    asked |= {f"photo-{fate}" for fate in ("going", "arrived", "refused")}
    asked |= {f"typed-{why}" for why in re.findall(r'"(too-[a-z]+|missing|not-a-number|swapped)"', code)}
    assert asked - {"device-title", "device-state", "device-about", "device-trouble"} <= known
    assert len(asked) > 50


def test_it_speaks_german_too_and_names_no_browser(patient: Client) -> None:
    german = drawer(patient, **{"accept-language": "de"})
    english = drawer(patient) + drawer(patient, "typing")
    assert "Was möchten Sie messen?" in german
    for content in (english, german):
        assert BROWSERS.search(re.sub(r"<[^>]+>", "", content)) is None


def test_nobody_but_the_patient_gets_it(stage: Stage, visit: VisitCard, client: Client) -> None:
    for role in ("relative", "interpreter"):
        them = guest(stage, visit, role)
        assert [them.get(f"/devices/{part}/").status_code for part in PARTS] == [403] * 3
    assert [client.get(f"/devices/{part}/").status_code for part in PARTS] == [401] * 3


def test_opened_by_itself_it_says_where_it_belongs(patient: Client) -> None:
    for part in ("measure", "typing"):
        answer = patient.get(f"/devices/{part}/").content.decode()
        assert 'href="/visit/"' in answer
        assert "data-module" not in answer


def test_its_places_for_values_are_the_same_in_both_languages() -> None:
    catalogue = polib.pofile(str(PACKAGE / "devices/locale/de/LC_MESSAGES/django.po"))
    places = re.compile(r"\{(\w+)\}")
    ours = [entry for entry in catalogue if any("guest/" in file for file, _line in entry.occurrences)]
    assert len(ours) > 50
    for entry in ours:
        assert sorted(places.findall(entry.msgid)) == sorted(places.findall(entry.msgstr)), entry.msgid
