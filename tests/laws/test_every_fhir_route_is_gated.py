"""Every address of the chart's API waits for the gate, or says in a sentence why it need not."""

from collections.abc import Iterable

from teleward.access.grants import Action
from teleward.records.api.exchange import Exchange
from teleward.records.api.messages import Answer
from teleward.records.api.route import Route
from teleward.records.api.routes import ROUTES


def ungated(routes: Iterable[Route]) -> list[str]:
    return [f"{each.method} {each.path}" for each in routes if not each.gated_by and not each.open_because]


async def _bare(_x: Exchange) -> Answer:
    return Answer()


def test_every_route_is_gated_or_says_why_it_is_open() -> None:
    assert ungated(ROUTES) == []


def test_only_what_the_server_can_do_is_open() -> None:
    assert [each.path for each in ROUTES if each.open_because] == ["/metadata"]


def test_a_route_that_says_nothing_is_caught() -> None:
    planted = (
        Route(method="GET", path="/bare", handler=_bare),
        Route(method="GET", path="/gated", handler=_bare, gated_by=(Action.RECORD_READ,)),
    )
    assert ungated(planted) == ["GET /bare"]
