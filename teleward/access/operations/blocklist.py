"""Stolen passwords: reading an operator's list, noticing one in use, and its end when it is changed."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, record
from teleward.access.models import BreachedPassword, Person, Session
from teleward.access.operations.entries import note
from teleward.access.signin import blocklist
from teleward.access.signin.bloom import TooMany, build
from teleward.access.signin.limits import BLOCKLIST
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem


class ListTooLong(Problem):
    """More lines came than were announced."""

    code = "access:list-too-long"
    message = _(
        "The list has more lines than you said. The list from before stays in use. Say a higher number."
    )


def import_blocklist(
    *, grant: Grant, lines: Iterable[bytes], entries: int, seen_at_least: int = 1, false_positives: float = 0
) -> int:
    """Puts a list of stolen passwords in place of the one before. Returns how many. Raises ListTooLong.

    `lines`: a password, or its SHA-1 as `HASH` or `HASH:count`; `entries`: at most so many;
    `false_positives`: the share of good passwords that may be refused, 0 for the policy's.
    """
    grant.must_cover(Action.CREDENTIAL_CHANGE)
    try:
        came = build(
            blocklist.place(),
            blocklist.digests_in(lines, seen_at_least=seen_at_least),
            entries=entries,
            false_positives=false_positives or BLOCKLIST.false_positives,
        )
    except TooMany as many:
        raise ListTooLong from many
    record(grant=grant, detail={"blocklist": came})
    return came


def notice_if_stolen(*, person: Person, password: str, circumstances: Circumstances) -> bool:
    """After a right password: whether it stands on the list by now. The first time, the ledger is told."""
    if not blocklist.is_known(password):
        return False
    with transaction.atomic():
        _row, made = BreachedPassword.objects.get_or_create(person=person, changed_at=None)
        if made:
            note(
                action=Action.CREDENTIAL_CHANGE, outcome="done", circumstances=circumstances, person=person,
                detail={"noticed": "password on the blocklist"},
            )  # fmt: skip
    return True


def settle_stolen(person: Person) -> None:
    """The password was changed or removed: nothing holds the person back, inside the caller's transaction."""
    BreachedPassword.objects.filter(person=person, changed_at=None).update(changed_at=now())
    Session.objects.filter(person=person).update(held_at=None)
