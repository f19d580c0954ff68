"""The entry stands before anything leaves; a patient reads beside it what became of what was to be sent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import translation
from fakes.systems import System, outcome
from rooms.records.test_outbox import always, tried, waiting
from stage.visits import Stage
from stage.window import about, account, ask

from teleward.access.grants import Action, Grant
from teleward.access.models import Patient
from teleward.audit.queries import LedgerEntry, of_patient
from teleward.kernel.clock import now
from teleward.kernel.outward import Silent
from teleward.records.models import Attempt, Outgoing
from teleward.records.operations import sending
from teleward.records.operations.sending import MOST_CUT_OFF, send_due
from teleward.records.queries.due import Due
from teleward.trust.queries import telling
from teleward.trust.queries.accesses import Accesses, access, accesses

pytestmark = pytest.mark.usefixtures("db")
BEGAN = "The system began to send a part of your health record to another system of the practice"
SENT = "The system sent a part of your health record to another system of the practice (Praxissystem Nord)"


@pytest.fixture
def row(stage: Stage, connection: UUID) -> Outgoing:
    return waiting(stage, connection)


def theirs(stage: Stage) -> Grant:
    whom = Patient.objects.get(id=stage.patient.id)
    return ask(account(whom), Action.LEDGER_READ, about(whom))


def told(stage: Stage, before: int | None = None) -> list[tuple[str, int]]:
    """Each sentence about sending, the newest first, and how often that day."""
    with translation.override("en"):
        page: Accesses = accesses(grant=theirs(stage), before=before)
    every = [each for group in page.groups for each in group.accesses]
    return [(each.sentence, each.times) for each in every if "another system" in each.sentence]


def begun(stage: Stage) -> LedgerEntry:
    """The newest entry of something that is to be sent."""
    rows = of_patient(patient=stage.patient.id)
    wanted = (Action.RECORD_SEND, "allow")
    return next(each for each in rows if (each.facts["action"], each.facts["outcome"]) == wanted)


def test_the_entry_stands_before_anything_leaves_and_nobody_knows_more_yet(
    stage: Stage, system: System, row: Outgoing
) -> None:
    seen: list[tuple[str, int]] = []

    def look(_question: object) -> None:
        seen.extend(told(stage) if not seen else [])

    system.trouble = look
    assert tried(row).outcome == "delivered"
    ((sentence, _times),) = seen
    assert sentence.startswith(BEGAN)
    assert sentence.endswith(" We do not know whether it arrived.")


ENDS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "delivered": (lambda _question: None, SENT, "It arrived."),
    "refused": (always(outcome(422)), BEGAN, "It did not arrive."),
    "unreachable": (always(Silent()), BEGAN, "It did not work this time: it may not have arrived."),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_became_of_it_stands_beside_it(stage: Stage, system: System, row: Outgoing, end: str) -> None:
    system.trouble, begins, ends = ENDS[end]
    assert tried(row).outcome == end
    ((sentence, times),) = told(stage)
    assert sentence.startswith(begins)
    assert sentence.endswith(f". {ends}")
    assert times == 1
    with translation.override("en"):
        alone = access(grant=theirs(stage), entry=begun(stage).id)
    assert alone.sentence == sentence


def test_what_arrived_and_what_did_not_are_never_told_together(
    stage: Stage, system: System, row: Outgoing
) -> None:
    system.trouble = always(Silent())
    with time_machine.travel(now(), tick=False) as clock:
        for _try in range(2):
            tried(row)
            clock.move_to(row.due_at or now())
        system.trouble = lambda _question: None
        tried(row)
        newest, older = told(stage)
    assert (newest[0].startswith(SENT), newest[1]) == (True, 1)
    assert (older[0].startswith(BEGAN), older[1]) == (True, 2)


def _stale(stage: Stage, row: Outgoing) -> None:
    """Somebody else had it in the meantime."""
    due = Due(id=row.id, patient=stage.patient.id)
    tried(row)
    sending._send(row.connection_id, due)


def _superseded(_stage: Stage, row: Outgoing) -> None:
    Outgoing.objects.create(
        connection_id=row.connection_id,
        type=row.type,
        logical_id=row.logical_id,
        version=row.version + 1,
        organisation=row.organisation,
        patient=row.patient,
        happened_at=row.happened_at,
    )
    tried(row)


def _cut_off(_stage: Stage, row: Outgoing) -> None:
    for _try in range(MOST_CUT_OFF):
        Attempt.objects.create(outgoing=row)
    tried(row)


UNSENT: dict[str, tuple[Callable[[Stage, Outgoing], None], str]] = {
    "under-way": (_stale, "It was not sent again: it was under way already."),
    "superseded": (_superseded, "It was not sent: there is a newer version."),
    "cut-off": (_cut_off, "It did not arrive."),
}


@pytest.mark.parametrize("why", UNSENT)
def test_what_was_not_even_tried_is_not_called_sent(
    stage: Stage, system: System, row: Outgoing, why: str
) -> None:
    happens, ends = UNSENT[why]
    happens(stage, row)
    sentence, _times = told(stage)[0]
    assert sentence.startswith(BEGAN)
    assert sentence.endswith(f". {ends}")


def test_killed_in_the_middle_nobody_knows_and_that_is_said(
    stage: Stage, system: System, row: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_finish", lambda *_args, **_how: None)
    send_due(connection=row.connection_id)
    ((sentence, _times),) = told(stage)
    assert sentence.startswith(BEGAN)
    assert sentence.endswith("We do not know whether it arrived.")


@pytest.mark.parametrize(("between", "knows"), [(1, True), (2, False)])
def test_an_end_on_a_newer_page_is_found_as_far_as_it_is_looked_for(
    stage: Stage, system: System, row: Outgoing, monkeypatch: pytest.MonkeyPatch, between: int, *, knows: bool
) -> None:
    monkeypatch.setattr(telling, "LATER", 2)
    came = iter(range(between))

    def come_between(_question: object) -> None:
        if next(came, None) is not None:
            stage.of_patient(Action.RECORD_READ)

    system.trouble = come_between
    tried(row)
    ((sentence, _times),) = told(stage, before=begun(stage).number + 1)
    assert sentence.startswith(SENT) is knows
