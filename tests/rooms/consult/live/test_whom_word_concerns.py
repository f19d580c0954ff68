"""Word of a session, a person or a pass that ended closes their sockets; everybody else's call goes on."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from ground.loops import run_apart

from teleward.access.grants import Actor, ActorKind
from teleward.consult.live.hub import Hub
from teleward.consult.live.limits import SOCKETS_PER_VISIT
from teleward.consult.live.outbox import Close, Outbox

HERE, THERE = UUID(int=1), UUID(int=2)
STAFF, COLLEAGUE, GUEST, RELATIVE = (UUID(int=number) for number in range(11, 15))


@dataclass(eq=False)
class Held:
    """An open socket, as the hub knows it."""

    visitor: Any
    outbox: Outbox = field(default_factory=Outbox)
    peer: str = ""


def socket(kind: ActorKind, who: UUID, visit: UUID = HERE) -> Held:
    session = UUID(int=who.int + 100) if kind is ActorKind.STAFF else None
    return Held(SimpleNamespace(visit=visit, actor=Actor(kind=kind, id=who, session=session)))


@pytest.fixture
def hub() -> Hub:
    hub = Hub()
    staff = {socket(ActorKind.STAFF, STAFF), socket(ActorKind.STAFF, COLLEAGUE, THERE)}
    hub.sockets = staff | {socket(ActorKind.GUEST, GUEST), socket(ActorKind.GUEST, RELATIVE)}
    return hub


def closed(hub: Hub) -> dict[UUID, Close]:
    said = ((one.visitor.actor.id, one.outbox.goodbye) for one in hub.sockets)
    return {who: goodbye.code for who, goodbye in said if who and goodbye}


@pytest.mark.parametrize(
    ("topic", "ids", "left"),
    [
        ("session-ended", {"session": UUID(int=STAFF.int + 100)}, {STAFF: Close.NOT_SIGNED_IN}),
        ("person-deactivated", {"person": COLLEAGUE}, {COLLEAGUE: Close.REFUSED}),
        ("person-deactivated", {"person": GUEST}, {}),
        ("pass-revoked", {"pass": GUEST}, {GUEST: Close.REFUSED}),
        ("pass-revoked", {"pass": STAFF}, {}),
        ("visit-ended", {"visit": THERE}, {COLLEAGUE: Close.OVER}),
    ],
    ids=["session", "person", "person-who-is-a-guest", "pass", "pass-of-staff", "visit"],
)
def test_it_closes_the_sockets_of_whom_it_concerns_and_no_other(
    hub: Hub, topic: str, ids: dict[str, UUID], left: dict[UUID, Close]
) -> None:
    run_apart(hub.notice(topic, ids))
    assert closed(hub) == left


def test_a_visit_has_so_many_sockets_and_a_full_one_keeps_nobody_out_of_another(hub: Hub) -> None:
    others = [socket(ActorKind.GUEST, UUID(int=100 + number)) for number in range(SOCKETS_PER_VISIT - 3)]
    assert hub.has_place_for(socket(ActorKind.GUEST, UUID(int=99)).visitor)
    hub.sockets |= set(others)
    assert not hub.has_place_for(socket(ActorKind.GUEST, UUID(int=99)).visitor)
    assert hub.has_place_for(socket(ActorKind.GUEST, UUID(int=99), THERE).visitor)
