"""The fence is closed when a request, a message or a job begins, and again when it has ended."""

import asyncio
from collections.abc import Callable
from threading import Thread
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from stage.visits import Stage, person, practice

from teleward.access.grants import Action
from teleward.consult.live.desk import Desk
from teleward.kernel import fence
from teleward.kernel.ids import new_id
from teleward.kernel.jobs import job
from teleward.web.middleware import FenceMiddleware

SOMEWHERE = new_id()


def open_practice() -> str:
    """The practice whose rows this session of the database would show."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('teleward.practice', true), '')")
        return str(cursor.fetchone()[0])


def opening(seen: list[str], then: Exception | None = None) -> Callable[..., HttpResponse]:
    """Work that looks what is open, opens it, and may fail."""

    def work(*_any: object) -> HttpResponse:
        seen.append(open_practice())
        fence.open_for(practice=SOMEWHERE)
        seen.append(open_practice())
        if then:
            raise then
        return HttpResponse()

    return work


@pytest.fixture
def left_open(fresh_database: str) -> None:
    """Somebody before left the fence open in this thread."""
    fence.open_for(practice=new_id())


def test_a_request_begins_and_ends_closed_whatever_was_left_open(left_open: None) -> None:
    seen: list[str] = []
    FenceMiddleware(opening(seen))(RequestFactory().get("/"))
    assert [*seen, open_practice()] == ["", str(SOMEWHERE), ""]


def test_a_request_that_breaks_ends_closed(left_open: None) -> None:
    seen: list[str] = []
    with pytest.raises(KeyError):
        FenceMiddleware(opening(seen, KeyError()))(RequestFactory().get("/"))
    assert [*seen, open_practice()] == ["", str(SOMEWHERE), ""]


def test_a_job_begins_and_ends_closed(left_open: None) -> None:
    seen: list[str] = []
    task = job("tests.opens", passes="A test.")(opening(seen))
    task()
    assert [*seen, open_practice()] == ["", str(SOMEWHERE), ""]


def test_each_message_of_a_socket_begins_closed_though_they_share_a_session(fresh_database: str) -> None:
    seen: list[str] = []

    async def talk() -> None:
        desk = Desk(workers=1)
        for _message in range(3):
            await desk(opening(seen))
        seen.append(await desk(open_practice))
        await desk.close()

    thread = Thread(target=lambda: asyncio.run(talk()))
    thread.start()
    thread.join()
    assert seen == ["", str(SOMEWHERE)] * 3 + [""]


def test_what_is_served_inside_of_something_belongs_to_it(fresh_database: str) -> None:
    with fence.serving():
        fence.open_for(practice=SOMEWHERE)
        with fence.serving():
            assert open_practice() == str(SOMEWHERE)
        assert open_practice() == str(SOMEWHERE)
    assert open_practice() == ""


def test_a_transaction_that_is_undone_takes_the_opening_with_it_and_the_next_grant_opens_again(
    fresh_database: str,
) -> None:
    with fence.serving():
        with transaction.atomic():
            fence.open_for(practice=SOMEWHERE)
            transaction.set_rollback(True)
        assert open_practice() == ""
        fence.open_for(practice=SOMEWHERE)
        assert open_practice() == str(SOMEWHERE)


def test_an_opening_inside_a_transaction_is_closed_after_it(fresh_database: str) -> None:
    with fence.serving(), transaction.atomic():
        fence.open_for(practice=SOMEWHERE)
    assert open_practice() == ""


def test_a_session_that_broke_meanwhile_is_replaced_by_a_closed_one(fresh_database: str) -> None:
    with fence.serving():
        fence.open_for(practice=SOMEWHERE)
        connection.close()
        assert open_practice() == ""
        fence.open_for(practice=SOMEWHERE)
        assert open_practice() == str(SOMEWHERE)


def test_an_opened_practice_is_told_to_the_database_once(fresh_database: str) -> None:
    with fence.serving():
        fence.open_for(practice=SOMEWHERE)
        with connection.execute_wrapper(_never):
            fence.open_for(practice=SOMEWHERE)


def _never(*_asked: object) -> None:
    raise AssertionError


def test_a_grant_opens_its_practice_when_it_is_held_against_what_is_done(stage: Stage) -> None:
    grant = stage.grant(Action.PATIENT_LIST)
    with fence.serving():
        assert open_practice() == ""
        grant.must_cover(Action.PATIENT_LIST)
        assert UUID(open_practice()) == stage.practice.id


def test_a_page_leaves_nothing_open(stage: Stage, signed_in: Callable[..., Client]) -> None:
    doctor = signed_in(person(practice("Gegenüber"), "Dr. A", "physician"))
    assert doctor.get("/patients/").status_code == 200
    assert open_practice() == ""
