"""Where sessions, links, roles and browsers stop being good, found by trying both sides of each edge.

Each function says whether the code's edge lies exactly at the value it is given.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings

from stage.visits import HERE
from teleward.access.deciding import decide
from teleward.access.entities import is_fresh
from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Grant, Subject
from teleward.access.models import Organisation, Patient, Person, Role, Session, SignInFailure
from teleward.access.operations import blocklist, cover, invitations, one_time_links, tries
from teleward.access.operations.challenges import Kind, keep_step, step_of
from teleward.access.operations.forgetting import forget_what_is_over
from teleward.access.operations.people import ROLES, system_grant
from teleward.access.operations.recertification import end_unconfirmed
from teleward.access.operations.recovery import replace_codes
from teleward.access.operations.sessions import actor_of_session
from teleward.access.queries.recertification import due_roles, is_unused, people_to_confirm
from teleward.access.signin.bloom import BloomFilter
from teleward.access.signin.limits import RECERTIFICATION, SESSION
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id, new_token, token_hash

SECOND = timedelta(seconds=1)
AT_HOME = Circumstances(request_id="test-request", client_address="127.0.0.1", via="page")


def practice() -> Organisation:
    return Organisation.objects.get_or_create(short_name="Lindenhof", defaults={"name": "Praxis Lindenhof"})[
        0
    ]


def somebody(*roles: str) -> Person:
    person = Person.objects.create(organisation=practice(), name="Anna", email=f"{new_id()}@praxis.example")
    for role in roles:
        Role.objects.create(person=person, name=role)
    return person


def granted(action: Action, person: Person | None = None) -> Grant:
    own = practice().id
    subject = Subject(kind="Person", id=person.id, organisation=own) if person else None
    return system_grant(action=action, organisation=own, subject=subject)


def _session(*, begun: timedelta, seen: timedelta, role: str = "physician", **more: str) -> str:
    """A session that began and was last seen so long ago."""
    secret, at = new_token(), now()
    Session.objects.create(
        person=somebody(role), secret_hash=token_hash(secret), aal=2, method="passkey",
        begun_at=at - begun, seen_at=at - seen, authenticated_at=at - begun, **more,
    )  # fmt: skip
    return secret


def is_refused(work: Callable[[], object]) -> bool:
    try:
        work()
    except Problem:
        return True
    return False


def overall(value: timedelta) -> bool:
    last, over = (_session(begun=value - less, seen=SECOND) for less in (SECOND, timedelta(0)))
    return actor_of_session(secret=last).name == "Anna" and actor_of_session(secret=over).name == ""


def _locks(value: timedelta, role: str) -> bool:
    return actor_of_session(secret=_session(begun=value, seen=value, role=role)).locked


def idle(value: timedelta) -> bool:
    return not _locks(value, "physician") and _locks(value + SECOND, "physician")


def idle_privileged(value: timedelta) -> bool:
    return not _locks(value, "administrator") and _locks(value + SECOND, "administrator")


def privileged(value: frozenset[str]) -> bool:
    return {role for role in ROLES if _locks(SESSION.idle_privileged + SECOND, role)} == value


def fresh(value: timedelta) -> bool:
    at = now()
    proved = partial(Actor, kind=ActorKind.STAFF)
    return is_fresh(proved(authenticated_at=at - value), at) and not is_fresh(
        proved(authenticated_at=at - value - SECOND), at
    )


def challenge(value: timedelta, travel: Any) -> bool:
    step = keep_step(kind=Kind.SECOND_FACTOR, person=somebody())
    return lasts_until(value, travel, lambda: step_of(kind=Kind.SECOND_FACTOR, token=step) is not None)


def one_time(value: timedelta, travel: Any) -> bool:
    person = somebody("physician")
    link = one_time_links.issue_one_time_link(grant=granted(Action.SIGN_IN, person), person=person.id)
    token = link.rstrip("/").rpartition("/")[2]
    return lasts_until(value, travel, lambda: one_time_links.link_is_good(token=token, circumstances=AT_HOME))


def staff_invitation(value: timedelta, travel: Any) -> bool:
    issued = invitations.invite(
        grant=granted(Action.STAFF_INVITE),
        name="C",
        email="c@praxis.example",
        roles=("nurse",),
        by_mail=False,
    )
    return opens(issued.link, value, travel)


def opens(link: str, value: timedelta, travel: Any) -> bool:
    token = link.rstrip("/").rpartition("/")[2]
    return lasts_until(value, travel, lambda: not is_refused(lambda: invitations.living_invitation(token)))


def lasts_until(value: timedelta, travel: Any, is_good: Callable[[], bool]) -> bool:
    """Whether it is good until just before the value, and not from then on."""
    travel.shift(value - SECOND)
    before = is_good()
    travel.shift(SECOND)
    return before and not is_good()


def _patient() -> Patient:
    return Patient.objects.create(
        organisation=practice(), given_name="Mia", family_name="Kern", born_on="1990-01-01"
    )


def kept_session(value: timedelta) -> bool:
    _session(begun=SESSION.overall + value, seen=SECOND)
    _session(begun=SESSION.overall + value + SECOND, seen=SECOND)
    forget_what_is_over()
    return Session.objects.count() == 1


def forgotten_after(value: int, travel: Any) -> bool:
    counts = []
    for wait in (timedelta(seconds=value), timedelta(seconds=value) + SECOND):
        SignInFailure.objects.all().delete()
        tries.take_try(account="a", circumstances=HERE)
        travel.shift(wait)
        tries.take_try(account="a", circumstances=HERE)
        counts.append(SignInFailure.objects.get().count)
    return counts == [2, 1]


def recovery_codes(value: int) -> bool:
    return len(replace_codes(somebody())) == value


def false_positives(value: float) -> bool:
    blocklist.import_blocklist(grant=granted(Action.CREDENTIAL_CHANGE), lines=[b"x"], entries=1)
    return BloomFilter(settings.HOME / "blocklist.bloom").false_positives == value


def every(value: timedelta) -> bool:
    somebody("physician")
    [(role, due_at)] = due_roles(at=now())
    return due_at - role.starts_at == value


def grace(value: timedelta, travel: Any) -> bool:
    somebody("physician")

    def overdue() -> bool:
        return people_to_confirm(grant=granted(Action.STAFF_RECERTIFY))[0].is_overdue

    travel.shift(RECERTIFICATION.every + value)
    before = overdue()
    travel.shift(SECOND)
    return not before and overdue()


def ends_after_grace(value: bool, travel: Any) -> bool:
    somebody("physician")
    travel.shift(RECERTIFICATION.every + RECERTIFICATION.grace + SECOND)
    return bool(end_unconfirmed()) is value


def longest_cover(value: timedelta) -> bool:
    away, here, at = somebody("physician"), somebody("nurse"), now()

    def give(lasting: timedelta) -> UUID:
        grant = granted(Action.STAFF_CHANGE, away)
        return cover.give_cover(
            grant=grant, person=here.id, covers=away.id, starts_at=at, ends_at=at + lasting
        )

    return not is_refused(lambda: give(value)) and is_refused(lambda: give(value + SECOND))


def unused(value: timedelta) -> bool:
    at = now()
    ask = partial(is_unused, joined_at=at - 9 * value, at=at)
    return not ask(seen_at=at - value) and ask(seen_at=at - value - SECOND)


LEVELS = (
    ("two-factors", "password", 2),
    ("phishing-resistant", "passkey", 2),
    ("device-bound", "passkey", 3),
)


def _weakest(action: Action, subject: Subject, role: str) -> str:
    """The weakest proof that the gate does not call too weak for this."""
    asking = partial(
        Actor, kind=ActorKind.STAFF, id=new_id(), organisation=practice().id, roles=frozenset({role}),
        authenticated_at=now(),
    )  # fmt: skip
    for name, method, aal in LEVELS:
        decision = decide(actor=asking(method=method, aal=aal), action=action, subject=subject)
        if not any(policy.startswith("f-weak") for policy in decision.policies):
            return name
    return ""


def administration(value: str) -> bool:
    own = practice().id
    subject = Subject(kind="Organisation", id=own, organisation=own)
    return _weakest(Action.STAFF_INVITE, subject, "administrator") == value


def break_glass(value: str) -> bool:
    patient = _patient()
    subject = Subject(kind="Patient", id=patient.id, organisation=practice().id, patient=patient.id)
    return _weakest(Action.GLASS_BREAK, subject, "physician") == value
