"""The invented patients."""

from uuid import UUID

from teleward.access.grants import Action, Subject
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import add_account, system_grant
from teleward.access.queries.patients import PatientCard, patients
from teleward.command.demo.desk import Practice, desk_grant
from teleward.command.demo.people import PATIENTS, Invited
from teleward.consult.operations.booking import Who


def register_patients(practice: Practice) -> list[Who]:
    """Register all of them with the practice, in their order."""
    return [_who(_register(practice, invited)) for invited in PATIENTS]


def find_patient(practice: Practice, invited: Invited) -> Who:
    """One of them, registered before."""
    grant = desk_grant(practice, Action.PATIENT_LIST)
    return _who(patients(grant=grant, search=invited.family_name)[0])


def account(practice: Practice, invited: Invited) -> UUID:
    """The account of one of them, made when it is first asked for."""
    here, who = practice.organisation, find_patient(practice, invited).id
    subject = Subject(kind="Patient", id=who, organisation=here, patient=who)
    grant = system_grant(action=Action.ACCOUNT_OPEN, organisation=here, subject=subject)
    return add_account(grant=grant, patient=who, email=invited.email)


def _register(practice: Practice, invited: Invited) -> PatientCard:
    return register_patient(
        grant=desk_grant(practice, Action.PATIENT_CREATE),
        given_name=invited.given_name,
        family_name=invited.family_name,
        born_on=invited.born_on,
        language=invited.language,
        email=invited.email,
        telephone=invited.telephone,
    )


def _who(card: PatientCard) -> Who:
    return Who(id=card.id, name=card.name, language=card.language)
