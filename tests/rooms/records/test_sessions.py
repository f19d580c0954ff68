"""The chart's own database sessions: quick, and of no use to anybody once something is wrong with them."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from ground.loops import run_apart
from psycopg.errors import DivisionByZero

from teleward.kernel.prepared import rows
from teleward.records.api.app import Fhir
from teleward.records.store import sessions as pool
from teleward.records.store import wire
from teleward.records.store.sessions import MOST, Session, Sessions

pytestmark = pytest.mark.django_db
BACKEND = "SELECT pg_backend_pid()"


def within(work: Callable[[Sessions], Awaitable[None]]) -> None:
    """Runs the work beside a pool that is open."""

    async def running() -> None:
        sessions = Sessions()
        async with sessions.running():
            await work(sessions)

    run_apart(running())


async def backend(session: Session) -> int:
    ((process,),) = await session.ask(BACKEND, [])
    return int(process)


def test_what_goes_in_comes_out_however_much_it_is() -> None:
    async def work(sessions: Sessions) -> None:
        much = "ä" * 3_000_000
        async with sessions.session() as session:
            assert await session.ask("SELECT $1::text, $2::int", [much, 7]) == [(much, 7)]

    within(work)


def test_a_statement_of_many_values_is_asked_like_any_other() -> None:
    """With too few formats psycopg reads past their end: such a search ended the whole server."""
    numbers = list(range(1, 501))
    total = " + ".join(f"${number}::int" for number in numbers)

    async def work(sessions: Sessions) -> None:
        async with sessions.session() as session:
            assert await session.ask(f"SELECT {total}", numbers) == [(sum(numbers),)]

    within(work)
    assert rows(f"SELECT {total}".encode(), numbers) == [(sum(numbers),)]


def test_old_statements_are_forgotten_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST", 3)
    prepared = "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'fhir%'"

    async def work(sessions: Sessions) -> None:
        async with sessions.session() as session:
            for number in (*range(6), 0):
                assert await session.ask(f"SELECT {number} + $1::int", [1]) == [(number + 1,)]
            assert await session.ask(prepared, []) == [(3,)]

    within(work)


def test_after_a_statement_that_fails_the_next_one_works() -> None:
    async def work(sessions: Sessions) -> None:
        async with sessions.session() as session:
            with pytest.raises(DivisionByZero):
                await session.ask("SELECT 1 / $1::int", [0])
            assert await session.ask("SELECT 1 / $1::int", [1]) == [(1,)]

    within(work)


def test_a_session_is_used_again_and_one_that_the_database_ended_is_not() -> None:
    async def work(sessions: Sessions) -> None:
        async with sessions.session() as session:
            first = await backend(session)
        async with sessions.session() as session, sessions.session() as other:
            assert await backend(session) == first
            await other.ask("SELECT pg_terminate_backend($1::int, 5000)", [first])
        async with sessions.session() as one, sessions.session() as another:
            assert first not in {await backend(one), await backend(another)}

    within(work)


def test_a_session_whose_question_was_broken_off_goes_to_nobody_else() -> None:
    async def work(sessions: Sessions) -> None:
        async def asks_for_ever(begun: asyncio.Event) -> None:
            async with sessions.session() as session:
                left.append(await backend(session))
                begun.set()
                await session.ask("SELECT 1 FROM (SELECT pg_sleep(60)) AS asleep", [])

        left: list[int] = []
        begun = asyncio.Event()
        asking = asyncio.create_task(asks_for_ever(begun))
        await begun.wait()
        await asyncio.sleep(0)  # it has sent its question
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        async with sessions.session() as session:
            assert await backend(session) not in left

    within(work)


def test_there_are_only_so_many_and_who_comes_then_waits() -> None:
    async def work(sessions: Sessions) -> None:
        async def takes(held: asyncio.Event) -> int:
            async with sessions.session() as session:
                await held.wait()
                return await backend(session)

        held = asyncio.Event()
        asking = [asyncio.create_task(takes(held)) for _number in range(MOST * 2)]
        await asyncio.sleep(0)
        held.set()
        assert len(set(await asyncio.gather(*asking))) <= MOST

    within(work)


def test_how_it_plans_follows_from_what_is_asked() -> None:
    async def work(sessions: Sessions) -> None:
        asked = "SELECT current_setting('plan_cache_mode')"
        async with sessions.session() as session:
            assert await session.ask(asked, []) == [("force_generic_plan",)]
            assert await session.ask(asked, [], anew=True) == [("force_custom_plan",)]
            assert await session.ask(asked, []) == [("force_generic_plan",)]

    within(work)


def test_who_gets_none_in_time_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST", 0)
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0)

    async def asked() -> httpx.Response:
        fhir = Fhir()
        way = httpx.ASGITransport(app=fhir)
        async with fhir.running(), httpx.AsyncClient(transport=way, base_url="http://here") as client:
            return await client.get("/Patient")

    answer = run_apart(asked())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    (issue,) = answer.json()["issue"]
    assert (issue["code"], issue["details"]["coding"][0]["code"]) == ("throttled", "records:overloaded")
