"""Who may bring a file: made-up cookies share one place, nobody has all of them, and slowness ends."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from fakes.members import browser_of, joins
from ground.loops import run_apart
from starlette.types import Message

from teleward.access.operations.sessions import COOKIE
from teleward.web import edge
from teleward.web.file_places import (
    KNOWN_AT_ONCE,
    OF_ONE_NETWORK,
    OF_ONE_PERSON,
    STRANGER,
    FilePlaces,
    NoPlace,
    holder,
)


def let_in(*asking: str, address: str = "") -> list[bool]:
    """Whether each gets a place, while those before keep theirs; from one address, or each its own."""

    async def who(cookies: str) -> str:
        return cookies

    async def ask() -> list[bool]:
        places, found = FilePlaces(who), []
        async with AsyncExitStack() as held:
            for number, each in enumerate(asking):
                try:
                    await held.enter_async_context(places.one(each, address or f"198.51.100.{number}"))
                except NoPlace:
                    found.append(False)
                else:
                    found.append(True)
        async with places.one(asking[0], address):
            return found

    return run_apart(ask())


def test_who_makes_up_cookies_holds_one_place_and_keeps_nobody_out() -> None:
    assert let_in(STRANGER, STRANGER, STRANGER, "anna", "ben") == [True, False, False, True, True]


def test_one_person_has_a_share_and_all_together_no_more_than_there_are() -> None:
    assert let_in(*["anna"] * 3, *["ben"] * 3, "cleo") == [True, True, False, True, True, False, False]
    assert (KNOWN_AT_ONCE, OF_ONE_PERSON, OF_ONE_NETWORK) == (4, 2, 2)


def test_guests_of_one_network_share_two_places_and_leave_the_others_to_everybody_else() -> None:
    guests, staff = [f"Guest {name}" for name in "abc"], ["Staff a", "Staff b"]
    here = "2001:db8::1"
    assert let_in(*guests, *staff, address=here) == [True, True, False, True, True]
    assert let_in(*staff, *guests, address=here) == [True, True, True, True, False]
    assert let_in(*guests) == [True, True, True]


@pytest.mark.django_db
def test_a_person_is_known_by_their_cookie_and_by_no_other() -> None:
    doctor = joins()
    cookie = browser_of(doctor).cookies[COOKIE].value
    assert holder(f"theme=dark; {COOKIE}={cookie}") == f"Staff {doctor.person.id}"
    made_up = (
        "",
        f"{COOKIE}=x{cookie}",
        "__Host-visit=somebody.secret",
        f"__Host-visit={doctor.person.id}.x",
    )
    assert {holder(said) for said in made_up} == {STRANGER}


@pytest.mark.parametrize(("chunks", "status"), [(1, 408), (100, None)], ids=["stops", "flows"])
def test_a_file_that_stops_coming_is_given_up_soon(
    monkeypatch: pytest.MonkeyPatch, chunks: int, status: int | None
) -> None:
    monkeypatch.setattr(edge, "FILE_PATIENCE", 0.1)
    coming = [b"x"] * chunks
    said: list[int] = []

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()  # there is more, and it never comes
        return {"type": "http.request", "body": coming.pop(), "more_body": bool(coming) or status == 408}

    async def app(_scope: object, _receive: object, _send: object) -> None:
        """A page."""

    async def send(message: Message) -> None:
        said.append(message.get("status", 0))

    headers = [(b"content-length", b"2000000"), (b"cookie", b"__Host-visit=somebody.secret")]
    scope = {"type": "http", "method": "POST", "path": "/visit/documents/", "headers": headers}
    run_apart(edge.Edge(app)(scope, receive, send))
    assert said[:1] == ([status] if status else [])
