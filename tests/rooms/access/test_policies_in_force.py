"""When the server starts with other policies than last time, the ledger says so: old hash and new."""

import pytest
from fakes.members import listening

from teleward.access.models import PolicySet
from teleward.access.operations.policies import notice_policy_change
from teleward.access.policy import rules

pytestmark = pytest.mark.django_db


def test_the_first_start_writes_down_by_which_policies_it_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    assert notice_policy_change()
    assert [entry.outcome for entry in heard] == ["allow", "done"]
    assert heard[-1].action == "access:policy:change"
    assert heard[-1].detail == {"before": "", "after": rules().digest}


def test_other_policies_than_last_time_are_written_down_with_both_hashes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    PolicySet.objects.create(digest="0" * 64)
    heard = listening(monkeypatch)
    assert notice_policy_change()
    assert heard[-1].detail == {"before": "0" * 64, "after": rules().digest}
    assert {entry.actor_kind for entry in heard} == {"System"}


def test_the_same_policies_as_last_time_are_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    notice_policy_change()
    heard = listening(monkeypatch)
    assert not notice_policy_change()
    assert heard == []


def test_policies_that_come_back_are_a_change_again(monkeypatch: pytest.MonkeyPatch) -> None:
    notice_policy_change()
    PolicySet.objects.create(digest="0" * 64)
    heard = listening(monkeypatch)
    assert notice_policy_change()
    assert heard[-1].detail["before"] == "0" * 64
