"""What `teleward policy` says on the terminal, over a real ledger read with the owner's rights."""

import shutil
from pathlib import Path

import pytest
from stage.visits import Stage, set_stage

from teleward.access.grants import Action, Refused
from teleward.access.policy import FOLDER
from teleward.command import policy_review
from teleward.command.refusal import CannotContinue
from teleward.kernel.ids import new_id


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return set_stage()


def test_an_allowed_access_is_explained_with_its_evidence_its_words_and_its_policy(stage: Stage) -> None:
    visit = stage.visit_now()
    grant = stage.grant(Action.NOTE_READ, visit)
    lines, found = policy_review.explain(entry=grant.ledger, language="de")
    told = "\n".join(lines)
    assert found
    assert "Allowed by p-consult" in told
    assert f"({visit.id})" in told
    assert "weil sie Ihre Sprechstunde vom" in told
    assert '@id("p-consult")' in told
    assert "The policies of today decide the same." in told


def test_an_entry_that_is_not_there_is_said_so(stage: Stage) -> None:
    lines, found = policy_review.explain(entry=new_id(), language="en")
    assert (found, "no entry" in lines[0]) == (False, True)


def test_a_change_is_told_by_whom_it_would_have_hit(stage: Stage, tmp_path: Path) -> None:
    visit = stage.visit_now()
    stage.grant(Action.NOTE_READ, visit)
    with pytest.raises(Refused):
        stage.grant(Action.NOTE_READ, visit, by=stage.second)
    same, is_same = policy_review.diff(policies=FOLDER, days=1)
    assert (is_same, same[-1]) == (True, "Nothing would change.")
    other = Path(shutil.copytree(FOLDER, tmp_path / "other"))
    care = other / "1-care.cedar"
    care.write_text(care.read_text().replace('resource.standing.contains("host")', "principal.active"))
    lines, is_same = policy_review.diff(policies=other, days=1)
    told = "\n".join(lines)
    assert not is_same
    assert "Was refused, would be allowed: 1" in told
    assert "physician  consult:note:read  nobody → p-consult" in told
    assert "physician  consult:note:read  no longer with" in told


def test_policies_that_do_not_load_are_refused_in_a_sentence(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(CannotContinue, match="cannot be loaded"):
        policy_review.diff(policies=tmp_path, days=1)
    with pytest.raises(CannotContinue, match="cannot be loaded"):
        policy_review.test(policies=tmp_path, folder=None)


def test_the_cases_that_come_along_hold(stage: Stage) -> None:
    lines, is_well = policy_review.test(policies=None, folder=None)
    assert (is_well, lines[-1].endswith("0 do not hold.")) == (True, True)
