"""The invented patients."""

from teleward.access.grants import Action
from teleward.access.operations.patients import register_patient
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
