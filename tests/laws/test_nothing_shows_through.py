"""Whoever may not see a thing cannot tell whether it is there: by status, body, headers, counts or work done.

Timing is compared by what takes the time: the number of statements that reach the database. A wall clock
would say less, and something else on every machine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from laws.houses import house
from stage.everybody import House
from stage.visits import tomorrow

from teleward.access.lists import ListDiffers
from teleward.access.models import Patient, Restriction
from teleward.access.operations import sessions
from teleward.access.queries import lists
from teleward.consult.models import Visit
from teleward.kernel.ids import new_id

__all__ = ["house"]
OUTSIDE = ("stranger", "other-patient", "guest", "nobody")
NAMED = {"patient", "patient_id", "visit", "person", "objection", "erasure", "glass", "case"}  # gated by id
PROOF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')  # differs with every answer
HEADERS = {"accept-language": "en", "x-request-id": "the-same-one"}
UNSAFE = ("put", "patch", "delete", "options", "trace")


@dataclass(frozen=True)
class Seen:
    """What somebody outside could compare."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: int


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every address that names something which the gate is asked about."""
    for found in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(found, URLResolver):
            yield from addresses(found.url_patterns)
        elif getattr(found.callback, "gated_by", None) and set(found.pattern.converters) & NAMED:
            yield found


def path_of(found: URLPattern, ids: dict[str, str]) -> str:
    filled = re.sub(r"<int:\w+>", "30", str(found.pattern))  # days and numbers are nobody's
    return "/" + re.sub(r"<\w+:(\w+)>", lambda name: ids[name[1]], filled)


def missing(ids: dict[str, str]) -> dict[str, str]:
    """The same address with ids that nobody has."""
    return ids | {name: str(new_id()) for name in NAMED}


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that reaches the database from now on, but the note that a session is in use.

    Every half minute the first request has one more: of two tries it would be either, on a slow machine.
    """
    monkeypatch.setattr(sessions, "TOUCH_EVERY", timedelta(days=1))
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        sent.append(str(query))
        return execute(self, query, *rest, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    return sent


def look(house: House, who: str, method: str, path: str, count: list[str], **typed: str) -> Seen:
    """One try that leaves nothing behind; what was typed is sent with a form only."""
    before = transaction.savepoint()
    browser: Any = house.browsers[who]()
    count.clear()
    answer = getattr(browser, method)(path, typed if method == "post" else None, headers=HEADERS)
    statements = len(count)
    transaction.savepoint_rollback(before)
    body = answer.content.decode(errors="replace")
    for address in (path, quote(path, safe="")):
        body = body.replace(address, "the address")
    return Seen(answer.status_code, tuple(sorted(answer.headers.items())), PROOF.sub("", body), statements)


@pytest.mark.parametrize("who", OUTSIDE)
def test_what_is_somebody_elses_looks_like_what_is_not_there(
    house: House, count: list[str], who: str
) -> None:
    wrong = []
    house.browsers[who]().get("/")  # what a process keeps once it knows it
    for found in addresses():
        if who == "guest" and "visit" in found.pattern.converters:
            continue  # their own
        for method in ("get", "post"):
            look_at = partial(look, house, who, method, count=count)
            theirs, nobodys = look_at(path_of(found, house.ids)), look_at(path_of(found, missing(house.ids)))
            if theirs != nobodys:
                wrong.append((method, str(found.pattern), difference(theirs, nobodys)))
    assert not wrong, "\n".join(map(str, wrong))


def difference(one: Seen, other: Seen) -> list[object]:
    """What differs, the body by its lines."""
    lines = set(one.body.splitlines()) ^ set(other.body.splitlines())
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("status", "headers", "statements"))
    return [pair for pair in pairs if pair[0] != pair[1]] + sorted(lines)[:4]


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_no_other_method_opens_anything(house: House, count: list[str], who: str) -> None:
    for found in addresses():
        path = path_of(found, house.ids)
        for method in UNSAFE:
            assert look(house, who, method, path, count).status in {401, 403, 405}, (method, path)
        bare, whole = look(house, who, "head", path, count), look(house, who, "get", path, count)
        assert (bare.body, bare.status) in {("", whole.status), ("", 405)}, path


def test_lists_do_not_count_whom_they_hide(house: House, count: list[str]) -> None:
    """A restricted person is hidden from who does not treat them; the page is the same, byte for byte."""
    day = f"/day/?date={tomorrow():%Y-%m-%d}"
    lists = (("get", "/patients/"), ("post", "/patients/"), ("post", "/visits/new/for/"), ("get", day))
    whoever = ("colleague", "reception")
    neighbour = Patient.objects.get(given_name="Ulf")
    Restriction.objects.create(
        patient=neighbour, tier="restricted", reason="request", set_by_id=house.ids["person"]
    )
    with_hidden = [look(house, who, *asked, count, q="U").body for who in whoever for asked in lists]
    assert not any("Kern" in body for body in with_hidden)
    Visit.objects.filter(patient=neighbour.id).delete()
    Restriction.objects.filter(patient=neighbour).delete()
    Patient.objects.filter(id=neighbour.id).delete()
    without = [look(house, who, *asked, count, q="U").body for who in whoever for asked in lists]
    assert with_hidden == without


LISTS = (
    ("reception", "/patients/"),
    ("host", "/day/"),
    ("host", "/patients/{patient}/visits/"),
    ("host", "/patients/{patient}/notes/"),
    ("privacy-officer", "/tiers/"),
    ("privacy-officer", "/erasures/"),
    ("privacy-officer", "/objections/"),
    ("privacy-officer", "/watch/"),
)


def test_each_list_shows_nothing_where_database_and_policies_disagree(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row is held against the policies once more; a list that shows them unasked would go on."""
    known = {"patient_id": house.ids["patient"], "set_by_id": house.ids["person"]}
    Restriction.objects.create(tier="restricted", reason="request", **known)
    answers = {path: house.browsers[who]().get(path.format(**house.ids)) for who, path in LISTS}
    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()

    def disagree(*, subjects: list[object], **_asked: object) -> None:
        if subjects:
            raise ListDiffers

    monkeypatch.setattr(lists, "hold_against_policies", disagree)
    answers = {path: house.browsers[who]().get(path.format(**house.ids)) for who, path in LISTS}
    assert {path for path, answer in answers.items() if answer.status_code != ListDiffers.status} == set()
