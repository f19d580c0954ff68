"""Systems and messages of one practice are not there for another, also where no row fence stands behind."""

from collections.abc import Callable

import pytest
from stage.visits import Stage, practice

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.records.models import KnownAs, Sender, SenderEnd
from teleward.records.operations.hl7.senders import (
    SenderWish,
    call_somebody,
    end_sender,
    forget_name,
    register_sender,
    speak_for,
)
from teleward.records.queries.hl7.senders import Peer, called, person_called, sender_of, senders
from teleward.records.queries.hl7.senders import sender as one_sender

PEER = Peer(address="127.0.0.1")


def system(practice_id: object, **names: str) -> Sender:
    known = {"name": "KIS", "application": "KIS", "facility": "HAUS", "proof": "address"}
    return Sender.objects.create(organisation=practice_id, **{**known, "known_by": "127.0.0.1", **names})


@pytest.fixture
def sender(stage: Stage) -> Sender:
    made = system(stage.practice.id)
    KnownAs.objects.create(sender=made, called="123", person=stage.doctor.id)
    return made


@pytest.fixture
def theirs(stage: Stage) -> Callable[[Action], Grant]:
    """Grants of the practice next door."""
    other = practice("Nebenan").id
    return lambda action: system_grant(action=action, organisation=other)


def ours(stage: Stage, action: Action) -> Grant:
    return system_grant(action=action, organisation=stage.practice.id)


def ends(row: Sender) -> SenderEnd:
    return SenderEnd.objects.create(sender=row, at=now(), why="replaced")


def test_nothing_of_a_system_is_changed_from_another_practice(
    sender: Sender, stage: Stage, theirs: Callable[[Action], Grant]
) -> None:
    grant, known = theirs(Action.APP_CHANGE), sender.staff.get()
    for change in (
        lambda: speak_for(grant=grant, sender=sender.id, assigners="urn:oid:1.2.3"),
        lambda: end_sender(grant=grant, sender=sender.id, why="replaced"),
        lambda: call_somebody(grant=grant, sender=sender.id, called="9", person=stage.doctor.id),
        lambda: forget_name(grant=grant, sender=sender.id, called=known.id),
    ):
        with pytest.raises(NotFound):
            change()
    sender.refresh_from_db()
    assert sender.assigners == []
    assert not SenderEnd.objects.exists()
    assert sender.staff.get() == known


def test_a_name_of_another_system_is_not_forgotten_with_the_wrong_address(
    sender: Sender, stage: Stage
) -> None:
    second = system(stage.practice.id, application="LAB")
    forget_name(grant=ours(stage, Action.APP_CHANGE), sender=second.id, called=sender.staff.get().id)
    assert sender.staff.exists()


def test_what_systems_there_are_and_whom_they_mean_is_read_by_their_practice_alone(
    sender: Sender, stage: Stage, theirs: Callable[[Action], Grant]
) -> None:
    listing = theirs(Action.APP_LIST)
    assert senders(grant=listing) == ()
    assert called(grant=listing, sender_id=sender.id) == ()
    with pytest.raises(NotFound):
        one_sender(grant=listing, sender_id=sender.id)
    taking = theirs(Action.MESSAGE_TAKE)
    assert person_called(grant=taking, sender_id=sender.id, names=("123",)) is None
    own = ours(stage, Action.MESSAGE_TAKE)
    assert person_called(grant=own, sender_id=sender.id, names=("123",)) == stage.doctor.id


def test_each_system_has_names_of_its_own_in_order_and_of_people_who_work_here(
    sender: Sender, stage: Stage
) -> None:
    second = system(stage.practice.id, application="LAB")
    for each, whom in (("Wei", stage.second.id), ("99", new_id()), ("1", stage.second.id)):
        KnownAs.objects.create(sender=second, called=each, person=whom)
    listing, taking = ours(stage, Action.APP_LIST), ours(stage, Action.MESSAGE_TAKE)
    assert [each.called for each in called(grant=listing, sender_id=second.id)] == ["1", "Wei"]
    assert person_called(grant=taking, sender_id=second.id, names=("123",)) is None
    KnownAs.objects.create(sender=second, called="Novák", person=stage.doctor.id)
    first_known = person_called(grant=taking, sender_id=second.id, names=("0", "Novák", "1"))
    assert first_known == stage.doctor.id


def test_systems_in_use_come_first_by_name_and_one_that_ended_says_why(sender: Sender, stage: Stage) -> None:
    ends(system(stage.practice.id, name="Archiv"))
    system(stage.practice.id, name="Labor")
    found = senders(grant=ours(stage, Action.APP_LIST))
    assert [(card.name, card.ended_because) for card in found] == [
        ("KIS", ""),
        ("Labor", ""),
        ("Archiv", "replaced"),
    ]


def test_the_system_with_the_very_facility_goes_before_one_for_any(sender: Sender, stage: Stage) -> None:
    anywhere = system(stage.practice.id, facility="")
    names = {"peer": PEER, "application": "KIS"}
    found = [sender_of(**names, facility=each) for each in ("HAUS", "NEBENAN")]
    assert [card.id for card in found if card] == [sender.id, anywhere.id]


def test_what_is_known_by_its_certificate_is_nobody_by_an_address_that_reads_alike(stage: Stage) -> None:
    system(stage.practice.id, proof="certificate", known_by="127.0.0.1")
    assert sender_of(peer=PEER, application="KIS", facility="HAUS") is None


def test_an_ended_system_is_changed_no_more_and_its_address_is_free_again(
    sender: Sender, stage: Stage, theirs: Callable[[Action], Grant]
) -> None:
    ends(sender)
    assert sender_of(peer=PEER, application="KIS", facility="HAUS") is None
    with pytest.raises(NotFound):
        speak_for(grant=ours(stage, Action.APP_CHANGE), sender=sender.id, assigners="")
    wish = SenderWish(name="K", application="K", facility="", known_by="127.0.0.1", charset="ASCII")
    assert register_sender(grant=theirs(Action.APP_CHANGE), wish=wish)
