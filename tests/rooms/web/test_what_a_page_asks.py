"""How often the pages of somebody who is signed in ask the database, past Django as well."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.test import Client
from fakes.members import browser_of, joins, practice

from teleward.access.models import AccountRequest, BrokenGlass, Loosening, Patient, Restriction, Session
from teleward.access.operations.sessions import COOKIE, actor_of_session
from teleward.access.queries.waiting import Waiting, waiting_for
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.prepared import Line, Rows

pytestmark = pytest.mark.django_db
OF_THE_SESSION = re.compile(r"SAVEPOINT|set_config")  # they ask no table for anything


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that looks into a table, past Django as well."""
    heard: list[str] = []
    execute = psycopg.Cursor.execute

    def hear(cursor: Any, query: str | bytes, *given: Any, **named: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else query
        heard.extend([text] if not OF_THE_SESSION.search(text) else [])
        return execute(cursor, query, *given, **named)

    ask = Line.ask

    def hear_prepared(line: Line, statement: bytes, values: Sequence[object]) -> Rows:
        heard.extend([statement.decode()] if not OF_THE_SESSION.search(statement.decode()) else [])
        return ask(line, statement, values)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", hear)
        patch.setattr(Line, "ask", hear_prepared)
        yield heard


@pytest.fixture
def doctor() -> Client:
    client = browser_of(joins())
    client.get("/day/")  # what is remembered for the next page is asked for once
    return client


def test_who_asks_is_found_with_one_statement(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with statements(monkeypatch) as asked:
        assert actor_of_session(secret=doctor.cookies[COOKIE].value).roles == {"physician"}
    assert len(asked) == 1


def test_what_waits_is_found_with_one_statement(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = actor_of_session(secret=doctor.cookies[COOKIE].value)
    with statements(monkeypatch) as asked:
        assert waiting_for(actor=actor) == Waiting(asked=True)
    assert len(asked) == 1


@pytest.mark.parametrize(("address", "most"), [("/emergencies/waiting/", 2), ("/patients/", 4), ("/day/", 7)])
def test_an_ordinary_page_asks_little(
    doctor: Client, monkeypatch: pytest.MonkeyPatch, address: str, most: int
) -> None:
    with statements(monkeypatch) as asked:
        assert doctor.get(address).status_code == 200
    assert len(asked) <= most, "\n".join(asked)


def test_each_kind_of_waiting_is_for_others_than_who_asked_for_it(doctor: Client) -> None:
    asks, other = joins("Boris Muster"), joins("Vera Lind", "privacy-officer")
    first, second = patient("Okafor"), patient("Yilmaz")
    browser_of(asks)
    session = Session.objects.get(person=asks.person).id
    said = {"patient": first, "code": "unconscious", "words": b"", "needs_second": True}
    glasses = tuple(
        BrokenGlass.objects.create(session=session, person=asks.person, **said).id for _ in range(2)
    )
    kept = {"tier": "closed", "reason": "at-risk", "set_by": asks.person}
    Restriction.objects.create(patient=first, **kept)
    closed = Restriction.objects.create(patient=second, seconded_by=other.person, seconded_at=now(), **kept)
    Loosening.objects.create(restriction=closed, patient=second, tier="normal", asked_by=asks.person)
    AccountRequest.objects.create(patient=second, asked_by=asks.person, needs_second=True, by_mail=True)
    seen = waiting_for(actor=actor_of_session(secret=doctor.cookies[COOKIE].value))
    assert seen == Waiting(
        asked=True, glasses=glasses, closings=(first.id,), loosenings=(second.id,), accounts=(second.id,)
    )
    own = waiting_for(actor=actor_of_session(secret=browser_of(asks).cookies[COOKIE].value))
    assert own == Waiting(asked=True)
    desk = browser_of(joins("Olaf Brandt", "reception"))
    assert waiting_for(actor=actor_of_session(secret=desk.cookies[COOKIE].value)) == Waiting(
        asked=True, accounts=(second.id,)
    )


def patient(name: str) -> Patient:
    born = {"born_on": "1988-02-29", "id": new_id()}
    return Patient.objects.create(organisation=practice(), given_name="Ifeoma", family_name=name, **born)
