"""Every message a browser may send says how it passes the law, and no other can arrive."""

from collections.abc import Iterable, Iterator
from typing import cast

import msgspec

from teleward.access.grants import Action
from teleward.consult.live import messages
from teleward.consult.live.messages import MESSAGES, Gate, Sent


def _unsaid(kinds: Iterable[type[Sent]], gates: dict[type[Sent], Gate]) -> Iterator[str]:
    for kind in kinds:
        gate = gates.get(kind)
        if gate is None or not (gate.covered_by or gate.asks or gate.open_because.strip()):
            yield messages.tag(kind)


def test_every_message_says_how_it_is_gated() -> None:
    assert list(_unsaid(Sent.__subclasses__(), dict(MESSAGES))) == []


def test_a_planted_message_without_a_gate_is_caught() -> None:
    class Planted(msgspec.Struct, tag="planted"):
        pass

    planted = cast("type[Sent]", Planted)  # not a real one: Sent remembers its children
    assert list(_unsaid([planted], {})) == ["planted"]
    assert list(_unsaid([planted], {planted: Gate()})) == ["planted"]
    assert list(_unsaid([planted], {planted: Gate(asks=Action.VISIT_ADMIT)})) == []


def test_a_message_says_it_in_one_way_only() -> None:
    for kind, gate in MESSAGES.items():
        ways = [bool(gate.covered_by), bool(gate.asks), bool(gate.open_because)]
        assert sum(ways) == 1, messages.tag(kind)
