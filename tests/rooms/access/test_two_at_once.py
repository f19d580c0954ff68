"""What may happen once happens once, also when two ask in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
from django.db import connections
from fakes.members import Member, joins
from stage.live import until

from teleward.access.actors import Actor
from teleward.access.grants import Action, Circumstances, Grant, Subject, authorise
from teleward.access.models import Deactivation, Session
from teleward.access.operations import deactivation, one_time_links
from teleward.access.operations.people import system_grant
from teleward.access.operations.sessions import actor_of
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
HERE = Circumstances(request_id="test-request", client_address="127.0.0.1", via="page")


def at_once(*attempts: Callable[[], object]) -> int:
    """Runs all of them in the same moment; returns how many were not refused."""
    together = Barrier(len(attempts))

    def attempt(work: Callable[[], object]) -> bool:
        try:
            together.wait(20)
            work()
        except Problem:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(attempts)) as pool:
        return sum(pool.map(attempt, attempts))


def subject_of(member: Member) -> Subject:
    person = member.person
    return Subject(kind="Person", id=person.id, organisation=person.organisation_id)


def may_deactivate(by: Member, whom: Member) -> Grant:
    actor: Actor = actor_of(by.person, at=now(), aal=3)
    return authorise(
        actor=actor, action=Action.STAFF_DEACTIVATE, subject=subject_of(whom), circumstances=HERE
    )


def test_a_one_time_link_pressed_while_another_press_is_being_kept_opens_nothing(
    fresh_database: str, owner_connection: psycopg.Connection
) -> None:
    anna = joins()
    subject = subject_of(anna)
    grant = system_grant(action=Action.SIGN_IN, organisation=subject.organisation, subject=subject)
    link = one_time_links.issue_one_time_link(grant=grant, person=anna.person.id)
    token = link.rstrip("/").rpartition("/")[2]

    def press() -> None:
        one_time_links.sign_in_by_link(token=token, circumstances=HERE, user_agent="")

    with ThreadPoolExecutor(1) as pool:
        with owner_connection.transaction():
            owner_connection.execute("UPDATE access_onetimelink SET used_at = now()")
            pressing = pool.submit(at_once, press)
            until(lambda: owner_connection.execute(WAITING).fetchone() == (1,))
        assert pressing.result(20) == 0
    assert not Session.objects.exists()


def test_two_administrators_who_end_each_others_access_at_once_leave_one(fresh_database: str) -> None:
    ada, berta = joins("Ada Leitner", "administrator"), joins("Berta Kunz", "administrator")

    def end(by: Member, whom: Member) -> Callable[[], object]:
        grant = may_deactivate(by, whom)
        return lambda: deactivation.deactivate(grant=grant, person=whom.person.id, reason="a quarrel")

    assert at_once(end(ada, berta), end(berta, ada)) == 1
    assert Deactivation.objects.count() == 1
