"""How many accesses there were: numbers by day and person, nobody's entry and no patient."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, kw_only=True)
class StaffDay:
    """One member of staff on one day: how often they opened something of a patient."""

    day: date
    person: UUID
    accesses: int


def staff_days(*, organisation: UUID, since: datetime, zone: str) -> list[StaffDay]:
    """The days since then on which staff of a practice opened a patient's data, on the clock of `zone`.

    Lists do not count, refusals do not count, and what was done under a grant is counted with its opening.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, person, accesses FROM audit_staff_days(%s, %s, %s)", [organisation, since, zone]
        )
        return [StaffDay(day=row[0], person=row[1], accesses=row[2]) for row in cursor.fetchall()]
