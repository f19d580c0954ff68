"""Whatever is done over HTTP is found in the ledger, over HTTP: who, when, what, why, from where.

`CASES` is the list; it is played once, in its order, in a practice that is really served. Then the privacy
officer takes the whole ledger along, and each case looks for its own entry by the X-Request-Id of the answer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from blackbox.case import Case, Kind
from blackbox.cases import care, practice, server, signing_in
from blackbox.day import Day, served
from blackbox.ledger import Told, whole_ledger

CASES: list[Case] = [
    *server.CASES[:1],
    *care.CASES,
    *signing_in.CASES,
    *practice.CASES,
    *signing_in.ACCOUNT,
    *practice.WINDOW,
    *care.ENDINGS,
    *signing_in.ENDINGS,
    *server.CASES[1:],
]
FEWEST = 58
LOOPBACK = {"127.0.0.1", "::1"}
SLACK = timedelta(seconds=2)


@dataclass(frozen=True)
class Played:
    """What came of a case."""

    case: Case
    answer: httpx.Response | None
    began: datetime
    ended: datetime
    trouble: str = ""


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    clinic = served(tmp_path / "clock")
    try:
        clinic.open()
        day = Day(clinic, tmp_path / "clock")
        yield day
        for somebody in day.people():
            somebody.browser.close()
    finally:
        clinic.close()


def test_the_list_has_every_kind_of_event_and_is_long_enough() -> None:
    counted = Counter(case.kind for case in CASES)
    assert set(counted) == set(Kind)
    assert len(Kind) == 16
    assert len(CASES) >= FEWEST
    assert len({(case.kind, case.says) for case in CASES}) == len(CASES)


def test_whatever_is_done_is_in_the_ledger_with_who_when_what_why_and_from_where(day: Day) -> None:
    played = [play(day, case) for case in CASES]
    ledger = whole_ledger(day)
    wrong = [
        f"{one.case.kind}, {one.case.says}: {fault}" for one in played for fault in faults(day, one, ledger)
    ]
    assert not wrong, "\n".join(wrong)
    assert missing_on_the_patients_page(day, ledger) == set()


def missing_on_the_patients_page(day: Day, ledger: list[Told]) -> set[str]:
    """Numbers of entries about the patient that are not, with the same leaf, on the patient's own page."""
    told = {one.words["number"]: one.words["leaf"] for one in ledger if one.patient == day.made["patient"]}
    shown: dict[str, str] = {}
    for first in range(1, len(told) + 1, 200):
        answer = day.patient.get(f"/window/accesses/proofs/?first={first + 199}&last={first}")
        shown |= {str(one["number"]): one["leaf"] for one in answer.json()["entries"]}
    assert len(told) > len(CASES) / 2
    return {number for number, leaf in told.items() if shown.get(number) != leaf}


def play(day: Day, case: Case) -> Played:
    began = datetime.now(UTC)  # noqa: TID251 - what the clock on the wall shows, whatever the server's says
    try:
        answer, trouble = case.deed(day, case.by), ""
    except (AssertionError, KeyError, IndexError) as error:
        answer, trouble = None, f"could not be done: {error!r}"[:600]
    return Played(case, answer, began, datetime.now(UTC), trouble)  # noqa: TID251 - as above


def faults(day: Day, played: Played, ledger: list[Told]) -> Iterator[str]:
    """What is missing or wrong of one case."""
    if played.trouble:
        yield played.trouble
        return
    request = played.answer.headers["x-request-id"] if played.answer else ""
    of_request = [told for told in ledger if told.words.get("request_id") == request or not request]
    fitting = [told for told in of_request if fits(day, played.case, told)]
    if not fitting:
        status = played.answer.status_code if played.answer else ""
        yield f"answered {status}, and the ledger has {[said(told) for told in of_request[:9]]}"
    elif played.case.kind is not Kind.CLOCK_CHANGE:
        yield from (wrong for told in fitting[-1:] for wrong in circumstances(day, played, told))


def fits(day: Day, case: Case, told: Told) -> bool:
    """Whether an entry says what was done, why, and to whose data."""
    whose = day.made[case.about] if case.about else ""
    return (
        said(told) == case.entry
        and told.patient == whose
        and case.detail.items() <= told.words.items()
        and len(told.words["policy_set"]) == 64
    )


def circumstances(day: Day, played: Played, told: Told) -> Iterator[str]:
    """Who, when and from where."""
    if (
        played.case.says != "the first policies"
        and not played.began - SLACK <= told.at <= played.ended + SLACK
    ):
        yield f"at {told.at}, not between {played.began} and {played.ended}"
    if played.answer is None:
        return
    who = day.who(played.case.by)
    if who.id and not told.who.endswith(who.id):
        yield f"by {told.who}, not {who.id}"
    if who.kind == "Nobody" and told.who:
        yield f"by {told.who}, not by nobody"
    if told.address not in LOOPBACK:
        yield f"from {told.address}"


def said(told: Told) -> str:
    """An entry in one line, as the cases write it."""
    policy = told.words.get("policy", "-")
    return " ".join((told.words["action"], told.words["outcome"], policy, told.purpose))
