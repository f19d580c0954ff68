"""What this room does when something has happened in it."""

from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.operations.letters import tell_of_account, tell_of_new_address, tell_of_opening
from teleward.access.operations.matching import propose
from teleward.access.operations.people import system_grant
from teleward.access.operations.post import send_invitation, tell_of_change
from teleward.access.operations.seconds import ask_seconds
from teleward.access.queries.glass import glass_subject
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.staff import organisation_of_invitation, person_subject
from teleward.kernel.events import Event, reaction


@reaction(Event.PERSON_INVITED)
def write_to_invited(*, invitation: UUID) -> None:
    """Sends the link."""
    organisation = organisation_of_invitation(invitation=invitation)
    if organisation:
        grant = system_grant(action=Action.STAFF_INVITE, organisation=organisation, via="job")
        send_invitation(grant=grant, invitation=invitation)


@reaction(Event.ACCOUNT_OFFERED)
def write_to_patient(*, patient: UUID) -> None:
    """Tells the patient, at every address on file, that a way to an account in their name was made."""
    tell_of_account(grant=_about(patient, Action.ACCOUNT_OPEN))


@reaction(Event.ACCOUNT_OPENED)
def write_of_opening(*, patient: UUID) -> None:
    """Tells the patient, at every address on file, that the account was opened."""
    tell_of_opening(grant=_about(patient, Action.ACCOUNT_OPEN))


@reaction(Event.ADDRESS_CHANGED)
def write_to_address_before(*, change: UUID, patient: UUID) -> None:
    """Tells the address that stood in the entry until now that another one has taken its place."""
    tell_of_new_address(grant=_about(patient, Action.PATIENT_CHANGE), change=change)


@reaction(Event.PATIENT_REGISTERED)
@reaction(Event.PATIENT_CHANGED)
def compare_with_others(*, patient: UUID) -> None:
    """Looks whether somebody has a second file. It proposes, and a person decides."""
    propose(grant=_about(patient, Action.PATIENT_MERGE))


@reaction(Event.CREDENTIAL_CHANGED)
def write_to_person(*, person: UUID) -> None:
    """Tells the person that a way to sign in has changed."""
    subject = person_subject(person=person)
    grant = system_grant(
        action=Action.CREDENTIAL_READ, organisation=subject.organisation, subject=subject, via="job"
    )
    tell_of_change(grant=grant)


@reaction(Event.GLASS_ASKED)
def write_to_seconds(*, glass: UUID) -> None:
    """Tells those who may be the second person that a colleague waits."""
    subject = glass_subject(glass=glass)
    grant = system_grant(
        action=Action.GLASS_SECOND, organisation=subject.organisation, subject=subject, via="job"
    )
    ask_seconds(grant=grant, glass=glass)


def _about(patient: UUID, action: Action) -> Grant:
    subject = patient_subject(patient=patient)
    return system_grant(action=action, organisation=subject.organisation, subject=subject, via="job")
