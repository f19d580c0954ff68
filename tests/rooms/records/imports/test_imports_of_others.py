"""An import and its report are their practice's alone, the newest first, in the order of the file."""

from datetime import timedelta

import pytest
from stage.bringing import MRN, PATIENT, STRANGER, admin, allergy, bring, ndjson
from stage.visits import Stage, practice

from teleward.access.grants import Action
from teleward.access.operations.people import system_grant
from teleward.kernel.clock import now
from teleward.kernel.envelope import SealBroken
from teleward.kernel.errors import NotFound
from teleward.records.imports.outcomes import Outcome
from teleward.records.models import Import, ImportLine
from teleward.records.operations.imports import bring_import
from teleward.records.queries import imports as reports


def test_an_import_of_another_practice_is_not_there(numbered: Stage) -> None:
    brought = bring(numbered, ndjson(PATIENT))
    theirs = system_grant(action=Action.APP_LIST, organisation=practice("Nebenan").id)
    assert reports.imports(grant=theirs) == ()
    with pytest.raises(NotFound):
        reports.one_import(grant=theirs, brought=brought)
    assert reports.lines_left(grant=theirs, brought=brought) == ()


def test_each_import_has_its_own_counts_and_lines_and_the_newest_comes_first(numbered: Stage) -> None:
    listing = admin(numbered, Action.APP_LIST)
    first = bring(numbered, ndjson(PATIENT, allergy(), allergy("a2")))
    again = bring(numbered, ndjson(PATIENT, STRANGER, allergy()))
    Import.objects.filter(id=first).update(at=now() - timedelta(hours=1))
    waiting = bring_import(grant=admin(numbered), content=ndjson(PATIENT), source="Praxis Meier")
    found = reports.imports(grant=listing)
    assert [card.id for card in found] == [waiting, again, first]
    assert [card.done for card in found] == [0, 3, 3]
    assert [card.counts for card in found[:2]] == [
        {},
        {Outcome.LEFT: 1, Outcome.WAITS: 1, Outcome.SAME: 1},
    ]
    assert reports.one_import(grant=listing, brought=first).counts == {Outcome.LEFT: 1, Outcome.KEPT: 2}
    left = reports.lines_left(grant=listing, brought=again)
    told = [(line.number, line.outcome, line.name) for line in left]
    assert told == [(1, Outcome.LEFT, "Patient/p1"), (2, Outcome.WAITS, "Patient/p2")]
    assert reports.imports_waiting() == [waiting]


def test_what_waits_longest_is_carried_out_first(numbered: Stage) -> None:
    bringing = admin(numbered)
    late, early = (bring_import(grant=bringing, content=ndjson(PATIENT), source=MRN) for _each in "12")
    Import.objects.filter(id=early).update(at=now() - timedelta(hours=1))
    assert reports.imports_waiting() == [early, late]


def test_a_report_ends_somewhere(numbered: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_SHOWN", 2)
    monkeypatch.setattr(reports, "MOST", 1)
    listing = admin(numbered, Action.APP_LIST)
    for _each in "12":
        brought = bring(numbered, ndjson(PATIENT, STRANGER, STRANGER))
    assert len(reports.lines_left(grant=listing, brought=brought)) == 2
    assert len(reports.imports(grant=listing)) == 1


def test_what_a_line_says_opens_in_its_own_import_alone(numbered: Stage) -> None:
    listing = admin(numbered, Action.APP_LIST)
    first, second = (bring(numbered, ndjson(PATIENT)) for _each in "12")
    ImportLine.objects.filter(brought=second).update(said=ImportLine.objects.get(brought=first).said)
    with pytest.raises(SealBroken):
        reports.lines_left(grant=listing, brought=second)
