"""Recovery codes: ten, on paper, each good once."""

from django.db import transaction

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Person, RecoveryCode
from teleward.access.signin.codes import canonical_recovery_code, new_recovery_code
from teleward.access.signin.limits import CODE
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import token_hash


@transaction.atomic
def new_recovery_codes(*, grant: Grant) -> list[str]:
    """Ten new codes for the subject, shown only here; the old ones end."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    codes = replace_codes(person)
    record(grant=grant, detail={"added": "recovery codes"})
    publish(Event.CREDENTIAL_CHANGED, person=person.id)
    return codes


def replace_codes(person: Person) -> list[str]:
    """New codes in place of all old ones."""
    codes = [new_recovery_code() for _ in range(CODE.recovery_codes)]
    RecoveryCode.objects.filter(person=person).delete()
    Person.objects.filter(id=person.id).update(recovery_failures=0)
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, code_hash=token_hash(canonical_recovery_code(code))) for code in codes
    )
    return codes
