"""Which documents of the chart are notes of visits: who may not read notes does not find them there."""

from django.db.models import Q, QuerySet

from teleward.access.grants import Action, Grant, would_allow
from teleward.records.models import Current, Resource
from teleward.records.store.digests import digests_of

KIND = "DocumentReference"
NOTE = "http://loinc.org|11488-4"  # Consult note
MADE_HERE = "MADE"


def without_notes(*, grant: Grant, rows: QuerySet[Current]) -> QuerySet[Current]:
    """These rows of the grant's patient; without notes made here, unless whoever asks may read notes."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    if would_allow(grant=grant, action=Action.NOTE_READ):
        return rows
    key = digests_of(grant.organisation).of(f"{KIND}.type", NOTE)
    made = Resource.objects.filter(patient=grant.subject.patient, type=KIND, deed=MADE_HERE)
    as_made = rows.filter(newest__in=made.values("id")).exclude(keys__contains=[key])
    ours = Q(type=KIND, logical_id__in=made.values("logical_id"))
    return rows.exclude(ours & ~Q(id__in=as_made.values("id")))
