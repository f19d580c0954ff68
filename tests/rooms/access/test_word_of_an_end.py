"""When a session ends, everybody who listens hears of it at once."""

import psycopg
from fakes.members import browser_of, joins

from teleward.access.models import Session


def test_word_of_an_ended_session_reaches_listeners_within_two_seconds(
    fresh_database: str, owner_connection: psycopg.Connection
) -> None:
    anna = joins()
    client = browser_of(anna)
    owner_connection.execute("LISTEN teleward")
    session = Session.objects.get()
    assert client.post("/sign-out/").status_code == 302
    notice = next(owner_connection.notifies(timeout=2, stop_after=1))
    assert "session-ended" in notice.payload
    assert str(session.id) in notice.payload
