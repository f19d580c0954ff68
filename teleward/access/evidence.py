"""The dated facts behind a decision, looked up in one prepared statement.

This runs before every access, so it goes past the object mapper: one round trip, no rows made into models.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from psycopg import Cursor

from .actors import Actor, ActorKind
from .subjects import Subject

BEFORE_VISIT = timedelta(days=15)
AFTER_VISIT = timedelta(days=3)

STANDING = """
SELECT near.visit, near.starts_at, EXISTS (
    SELECT FROM access_standing WHERE staff_id = %(staff)s AND visit = %(visit)s
)
FROM (SELECT) AS asked LEFT JOIN LATERAL (
    SELECT visit, starts_at FROM access_standing
    WHERE staff_id = %(staff)s AND patient_id = %(patient)s
      AND starts_at <= %(latest)s AND coalesce(ended_at, ends_at) >= %(earliest)s
    ORDER BY starts_at DESC LIMIT 1
) AS near ON true
"""


@dataclass(frozen=True)
class Standing:
    """What a member of staff has to do with a patient at one moment."""

    visit: UUID | None = None  # the latest visit they have, within the window that explains an access
    starts_at: datetime | None = None
    is_host: bool = False  # or second clinician, of the very visit that is asked about

    def dated(self) -> dict[str, str]:
        """The visit and its start for the ledger, nothing where there is none."""
        if self.visit is None or self.starts_at is None:
            return {}
        return {"visit": str(self.visit), "starts_at": self.starts_at.isoformat()}


NONE = Standing()


def standing(*, actor: Actor, subject: Subject, at: datetime) -> Standing:
    """What the actor has to do with the subject's patient. Only members of staff are looked up."""
    if actor.kind is not ActorKind.STAFF or subject.patient is None:
        return NONE
    asked = {
        "staff": actor.id,
        "patient": subject.patient,
        "visit": subject.id if subject.kind == "Visit" else None,
        "latest": at + BEFORE_VISIT,
        "earliest": at - AFTER_VISIT,
    }
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        found = cursor.execute(STANDING, asked, prepare=True).fetchone()
    return Standing(*found) if found else NONE
