"""What `teleward user` does once the house is open."""

import argparse
from uuid import UUID

from django.utils.translation import override

from teleward.access.grants import Action, Subject
from teleward.access.operations.deactivation import deactivate as end_access
from teleward.access.operations.invitations import invite as send_invitation
from teleward.access.operations.people import found_organisation, system_grant
from teleward.access.queries.people import only_organisation
from teleward.access.queries.staff import colleagues
from teleward.command.refusal import CannotContinue
from teleward.kernel.errors import Problem


def invite(chosen: argparse.Namespace) -> str:
    """Invite a member of staff; the link to show them. Raises CannotContinue."""
    with override("en"):
        try:
            organisation = _practice(chosen)
            grant = system_grant(action=Action.STAFF_INVITE, organisation=organisation)
            issued = send_invitation(
                grant=grant, name=chosen.name, email=chosen.email, roles=tuple(chosen.role), by_mail=False
            )
        except Problem as problem:
            raise CannotContinue(str(problem.message)) from problem
    return (
        f"{chosen.name} can sign in for the first time here, until {issued.expires_at:%d %B}:\n{issued.link}"
    )


def _practice(chosen: argparse.Namespace) -> UUID:
    found = only_organisation()
    if found is not None:
        return found.id
    if not chosen.practice:
        raise CannotContinue("There is no practice yet. Name it with --practice.")
    return found_organisation(
        grant=system_grant(action=Action.STAFF_INVITE, organisation=None),
        name=chosen.practice,
        short_name=chosen.practice[:60],
        telephone="",
        time_zone=chosen.time_zone,
        language=chosen.language,
    )


def deactivate(*, email: str, reason: str) -> str:
    """End the access of whoever has this address; a sentence that says so. Raises CannotContinue."""
    with override("en"):
        try:
            return _deactivate(email, reason)
        except Problem as problem:
            raise CannotContinue(str(problem.message)) from problem


def _deactivate(email: str, reason: str) -> str:
    found = only_organisation()
    if found is None:
        raise CannotContinue("There is no practice yet.")
    listing = system_grant(action=Action.STAFF_LIST, organisation=found.id)
    for person in colleagues(grant=listing):
        if person.email == email.strip().lower():
            subject = Subject(kind="Person", id=person.id, organisation=found.id)
            grant = system_grant(action=Action.STAFF_DEACTIVATE, organisation=found.id, subject=subject)
            end_access(grant=grant, person=person.id, reason=reason)
            return f"{person.name} can no longer sign in; open sessions have ended."
    raise CannotContinue(f"Nobody here has the address {email}.")
