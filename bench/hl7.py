"""Crashes of the HL7 v2 reader in 100,000 messages that Hypothesis makes; what reading and answering cost.

The messages are those of the tests (tests/rooms/records/hl7/hl7_strange.py): 2,000 that Hypothesis draws
piece by piece (noise, good ones with pieces put in or taken out, first lines that are right with whatever
after them), and 100 good ones that are spoiled from each of 1,000 seeds that it draws. A crash is anything
but a message or a refusal. The cost is the best of many short runs: an ADT^A04 read and understood, and its
acknowledgement written. Floor: the `hl7` package parsing the same text, which looks at no character set,
field or date.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import hl7
from hypothesis import HealthCheck, given, settings
from rooms.records.hl7.hl7_messages import admit
from rooms.records.hl7.hl7_strange import AT_ONCE as OF_A_SEED
from rooms.records.hl7.hl7_strange import many_strange, strange

from bench.figures import Figure
from teleward.records.hl7.building import acknowledgement
from teleward.records.hl7.kinds import said
from teleward.records.hl7.reading import read
from teleward.records.hl7.reasons import MessageRefused

MESSAGES = 100_000
DRAWN = 2_000
CRASH = "crash"
AT_ONCE = 20
SECONDS = 3.0
BERLIN, NOON = ZoneInfo("Europe/Berlin"), datetime(2026, 11, 22, 12, tzinfo=UTC)


def measure() -> list[Figure]:
    outcomes, crashes = _fuzzed()
    for outcome, number in outcomes.most_common():
        print(f"{number:>7} {outcome}")
    raw = admit()
    text, message = raw.decode(), read(raw)
    return [
        Figure(name="messages", value=outcomes.total() + crashes, unit="messages", goal=">=100000"),
        Figure(name="crashes", value=crashes, unit="crashes", goal="0"),
        Figure(
            name="understand",
            value=_microseconds(lambda: _understood(raw)),
            unit="us",
            floor=_microseconds(lambda: hl7.parse(text)),
            goal="<=1000",
        ),
        Figure(
            name="answer",
            value=_microseconds(
                lambda: acknowledgement(to=message, facility="P", control_id="1", at=NOON, reason=None)
            ),
            unit="us",
            goal="<=200",
        ),
    ]


def _fuzzed() -> tuple[Counter[str], int]:
    outcomes: Counter[str] = Counter()

    @_drawn(DRAWN)
    @given(strange())
    def one(raw: bytes) -> None:
        outcomes[_outcome(raw)] += 1

    @_drawn(MESSAGES // OF_A_SEED)
    @given(many_strange())
    def many(messages: list[bytes]) -> None:
        outcomes.update(map(_outcome, messages))

    one()
    many()
    return outcomes, outcomes.pop(CRASH, 0)


def _drawn(examples: int) -> settings:
    return settings(
        max_examples=examples, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )


def _outcome(raw: bytes) -> str:
    try:
        return _understood(raw)
    except Exception as fault:  # noqa: BLE001 - each is a crash, and all of them are counted
        print(f"crash: {type(fault).__name__} on {raw!r}")
        return CRASH


def _understood(raw: bytes) -> str:
    try:
        return type(said(read(raw), zone=BERLIN, otherwise=NOON)).__name__
    except MessageRefused as refused:
        return f"refused: {refused.reason}"


def _microseconds(work: Callable[[], object]) -> float:
    end, best = time.perf_counter() + SECONDS, float("inf")
    while time.perf_counter() < end:
        begun = time.perf_counter()
        for _time in range(AT_ONCE):
            work()
        best = min(best, (time.perf_counter() - begun) / AT_ONCE)
    return best * 1e6
