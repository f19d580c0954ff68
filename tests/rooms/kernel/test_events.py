import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from teleward.kernel import events
from teleward.kernel.events import Event, publish, reaction
from teleward.kernel.ids import new_id
from teleward.kernel.tasks import deliver

heard: list[object] = []


def listen(visit: object) -> None:
    heard.append(visit)


@pytest.fixture(autouse=True)
def one_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    heard.clear()
    monkeypatch.setattr(events, "reactions", {})
    monkeypatch.setattr("teleward.kernel.tasks.reactions", events.reactions)
    reaction(Event.VISIT_BOOKED)(listen)


@pytest.mark.django_db(transaction=False)
def test_an_event_waits_in_the_outbox_and_reaches_its_reaction() -> None:
    visit = new_id()
    with transaction.atomic():
        publish(Event.VISIT_BOOKED, visit=visit)
    job = ProcrastinateJob.objects.get(task_name="kernel.deliver")
    deliver(**job.args)
    assert heard == [visit]


@pytest.mark.django_db
def test_an_event_of_a_transaction_that_failed_was_never_there() -> None:
    with transaction.atomic():
        publish(Event.VISIT_BOOKED, visit=new_id())
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()


def test_a_reaction_that_is_gone_fails_loudly_instead_of_losing_the_event() -> None:
    with pytest.raises(KeyError):
        deliver(event=Event.VISIT_BOOKED.value, reaction="teleward.consult.reactions.renamed", ids={})


def test_an_event_outside_a_transaction_is_refused(fresh_database: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        publish(Event.VISIT_BOOKED, visit=new_id())
