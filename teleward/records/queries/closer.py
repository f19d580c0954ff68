"""What the chart has of visits that are kept closer: those without a tie of their own do not find it."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet

from teleward.access.grants import Action, Grant, Subject, would_allow
from teleward.access.queries.visits import visits_kept_closer
from teleward.kernel.openings import without_grant
from teleward.records.fhir.search import PARAMETERS
from teleward.records.models import Current
from teleward.records.store.digests import Digests, digests_of

CLOSER = "closer"  # any category: the policies ask only whether there is one
OF_VISITS = tuple(sorted(kind for kind, known in PARAMETERS.items() if "encounter" in known))


@without_grant("Keyed hashes of ids: what is found by them is left out.")
def keys_of_visits(*, digests: Digests, visits: Iterable[UUID]) -> list[int]:
    """By which hashes that is found which belongs to these visits, of every type."""
    return [digests.of(f"{kind}.encounter", str(visit)) for visit in visits for kind in OF_VISITS]


@without_grant("What the gate is asked about.")
def as_closer(*, subject: Subject) -> Subject:
    """The same patient, where the question is about something sensitive."""
    return replace(subject, category=CLOSER)


def without_closer(*, grant: Grant, rows: QuerySet[Current]) -> QuerySet[Current]:
    """These rows of the grant's patient; without those of visits kept closer, unless they may be read."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE, Action.RECORD_EXPORT, Action.WINDOW_EXPORT)
    patient = grant.subject.patient
    visits = visits_kept_closer(patient=patient) if patient else {}
    asked = as_closer(subject=grant.subject)
    if not visits or would_allow(grant=grant, action=Action.RECORD_READ, subject=asked):
        return rows
    keys = keys_of_visits(digests=digests_of(grant.organisation), visits=visits)
    return rows.exclude(keys__overlap=keys)
