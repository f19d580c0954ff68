"""Taking away what the resources of a patient are found by; the versions themselves go with the key."""

from django.db import connection, transaction
from psycopg import RawCursor

from teleward.access.grants import Action, Grant, record
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.records.models import UNDATED, Received
from teleward.records.store.statements import FORGET


@transaction.atomic
def erase_traces(*, grant: Grant) -> None:
    """Nothing of the grant's patient is found in the chart any more."""
    grant.must_cover(Action.ERASURE_ANSWER)
    if grant.subject.patient is None:
        raise NotFound
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        cursor.execute(FORGET.encode(), [grant.subject.patient, UNDATED, now()])
    Received.objects.filter(handlings__patient=grant.subject.patient).update(sealed=b"")
    record(grant=grant, detail={"erased": "traces"})
