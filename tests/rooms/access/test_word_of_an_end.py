"""When a session ends, everybody who listens hears of it."""

import psycopg
from fakes.members import browser_of, joins

from teleward.access.models import Session


def test_word_of_an_ended_session_reaches_listeners(
    fresh_database: str, owner_connection: psycopg.Connection
) -> None:
    anna = joins()
    client = browser_of(anna)
    owner_connection.execute("LISTEN teleward")
    session = Session.objects.get()
    assert client.post("/sign-out/").status_code == 302
    notice = next(owner_connection.notifies(timeout=60, stop_after=1))
    assert "session-ended" in notice.payload
    assert str(session.id) in notice.payload
