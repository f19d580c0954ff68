"""Who a page is about, in one line that stays in sight: name, age, date of birth, initials."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, Grant
from teleward.access.models import Patient
from teleward.access.queries.patients import card
from teleward.access.queries.people import organisation
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound

BESIDE_A_PATIENT = (
    Action.PATIENT_READ,
    Action.PATIENT_CHANGE,
    Action.TEAM_CHANGE,
    Action.RECORD_READ,
    Action.RECORD_WRITE,
    Action.NOTE_READ,
    Action.NOTE_WRITE,
    Action.VISIT_HOST,
    Action.VISIT_READ,
    Action.VISIT_IDENTIFY,
    Action.VISIT_CONSENT,
    Action.VISIT_END,
    Action.READING_READ,
    Action.PAIRING_CHANGE,
    Action.THRESHOLD_CHANGE,
    Action.ALERT_ACKNOWLEDGE,
)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Whom the page is about. `age` in full years on the practice's day."""

    id: UUID
    name: str
    initials: str
    age: int
    born_on: date


def bar(*, grant: Grant) -> Bar:
    """The patient that the grant is about. Raises NotFound."""
    grant.must_cover(*BESIDE_A_PATIENT)
    whose = grant.subject.patient
    row = Patient.objects.filter(id=whose).first() if whose else None
    if row is None:
        raise NotFound
    found = card(row)
    today = now().astimezone(ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)).date()
    return Bar(
        id=found.id,
        name=found.name,
        initials=f"{found.given_name[:1]}{found.family_name[:1]}".upper(),
        age=found.age_on(today),
        born_on=found.born_on,
    )
