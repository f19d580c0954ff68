"""What is recognised quickly is what the strict reading takes as well: same time, kind and number."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from teleward.devices.arriving import Arrived, arrived
from teleward.devices.judging import fault
from teleward.devices.kinds import KINDS
from teleward.devices.readings import MOST_FLAGS, decode
from teleward.devices.usual import usual

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
READING: dict[str, Any] = {
    "id": "0f7a4f0e-6a1c-4f0e-9d5c-3b8f5a1c2d3e",
    "kind": "pulse-oximeter",
    "sequence": 17,
    "source": "device",
    "measured_at": "2026-05-01T11:59:00.250Z",
    "received_at": "2026-05-01T11:59:01Z",
    "values": [
        {"code": "59408-5", "value": "97", "unit": "%"},
        {"code": "8867-4", "value": "61.5", "unit": "/min", "absent": None, "original": None},
    ],
    "device": {"maker": "Waage GmbH", "serial": "0815"},
    "user": 1,
    "flags": ["low-perfusion"],
    "waveform": None,
}
ODD = ("97\n", " 97", "9\uff17")  # Python would read each as a number
VALUES: dict[str, list[Any]] = {
    "value": ["97", "097", "9e1", "NaN", "-0", "1" * 13, "1" * 31, *ODD, "", "0.5", 97, None],
    "code": ["59408-5", "8867-4", "8480-6", "no code", "", None],
    "unit": ["%", "/min", "kg", "", None],
    "absent": [None, "not-a-number", "lost"],
    "original": [None, {"value": "18.4", "unit": "kPa"}, {}],
}
READINGS: dict[str, list[Any]] = {
    "id": [READING["id"], READING["id"].replace("-", ""), "1", None],
    "kind": [*KINDS, "crystal-ball", "Pulse", ""],
    "sequence": [0, 17, 2**62, -1, True, "1", 1.0],
    "source": ["device", "typed", "guessed"],
    "measured_at": [None, "2026-05-01T13:30:00+02:00", "2026-05-01T11:00:00", "2026-05-03T00:00:00Z", "soon"],
    "received_at": ["2026-05-01T11:00:00Z", "2025-01-01T00:00:00Z", None],
    "device": [{}, {"maker": "m" * 121}, {"nose": "long"}, None],
    "user": [None, 256, 0],
    "flags": [[], ["unheard-of"], ["Loud"], ["measuring"] * MOST_FLAGS, ["measuring"] * (MOST_FLAGS + 1)],
    "waveform": [None, {"hertz": 250, "factor": "1", "unit": "uV", "leads": [[1, 2]]}],
    "values": [[], [READING["values"][0]] * 2, READING["values"] * 7],
    "patient": ["x"],
}


def changed(chance: Random) -> bytes:
    """A reading with up to two things about it that are not as usual."""
    reading = json.loads(json.dumps(READING))
    for _time in range(chance.randrange(3)):
        place, choices = (reading, READINGS) if chance.random() < 0.5 else (READING["values"][0], VALUES)
        name = chance.choice(list(choices))
        if place is reading:
            reading[name] = chance.choice(choices[name])
        else:
            reading["values"] = [{**READING["values"][0], name: chance.choice(choices[name])}]
    return json.dumps(reading).encode()


def judged(raw: bytes) -> Arrived | None:
    """What the strict reading makes of it; None where it refuses."""
    try:
        reading = decode(raw)
    except ValueError:
        return None
    kind, at = KINDS.get(reading.kind), reading.measured_at or reading.received_at
    times = (at, reading.received_at)
    too_late, too_old = max(times) > AT + timedelta(minutes=5), min(times) < AT - timedelta(days=90)
    if kind is None or too_late or too_old or fault(reading, kind):
        return None
    return Arrived(raw, "", reading.id, reading.sequence, reading.kind, at)


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_of_reading_say_the_same(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - for a test
    recognised = 0
    for raw in (changed(chance) for _time in range(1_000)):
        found, strict = arrived(raw, at=AT), judged(raw)
        assert (not found.fault) == (strict is not None), raw
        assert strict is None or found == strict, raw
        recognised += usual(raw) is not None
    assert 200 < recognised < 900


def test_a_usual_reading_is_recognised() -> None:
    assert usual(json.dumps(READING).encode()) is not None


def test_as_many_flags_are_usual_as_are_taken() -> None:
    known = [
        json.dumps({**READING, "flags": ["measuring"] * (MOST_FLAGS + more)}).encode() for more in (0, 1)
    ]
    assert [usual(raw) is None for raw in known] == [False, True]
    assert [arrived(raw, at=AT).fault for raw in known] == ["", "unreadable"]


def test_a_code_stands_in_a_reading_once() -> None:
    for value in READING["values"]:  # as it is usual, and as it is left to the strict reading
        raw = json.dumps(
            {**READING, "values": [value, {**value, "original": VALUES["original"][1]}]}
        ).encode()
        assert arrived(raw, at=AT).fault == "code-twice"
        assert arrived(json.dumps({**READING, "values": [value] * 2}).encode(), at=AT).fault == "code-twice"


@pytest.mark.parametrize("name", [kind.name for kind in KINDS.values() if kind.quantities])
def test_a_value_at_the_edge_of_what_can_be_is_believed_and_one_beyond_is_not(name: str) -> None:
    for quantity in KINDS[name].quantities:
        bit = (quantity.highest - quantity.lowest) / 1000
        tried = (quantity.lowest, quantity.highest, quantity.lowest - bit, quantity.highest + bit)
        said = [{"code": quantity.code, "unit": quantity.unit, "value": f"{value:f}"} for value in tried]
        raws = [
            json.dumps({**READING, "kind": name, "flags": [], "values": [value]}).encode() for value in said
        ]
        assert [arrived(raw, at=AT).fault for raw in raws] == ["", "", "not-plausible", "not-plausible"]


@pytest.mark.parametrize("name", ["absent", "original"])
def test_what_is_seldom_is_left_to_the_strict_reading(name: str) -> None:
    value = {**READING["values"][0], name: VALUES[name][1]}
    assert usual(json.dumps({**READING, "values": [value]}).encode()) is None


@pytest.mark.parametrize("value", ODD, ids=["line", "space", "wide"])
def test_a_number_is_written_in_plain_digits_and_nothing_else(value: str) -> None:
    raw = json.dumps({**READING, "values": [{**READING["values"][0], "value": value}]}).encode()
    assert (usual(raw), arrived(raw, at=AT).fault) == (None, "unreadable")
