"""Calendars that clinicians subscribe to."""

from django.db import models

from teleward.consult.models.recorded import Recorded
from teleward.kernel.marks import Mark


class CalendarFeed(Recorded):
    """A secret address at which a calendar program reads when `by` is busy. The secret is kept as a hash."""

    organisation = models.UUIDField()
    secret_hash = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Marks(Recorded.Marks):
        organisation = Mark.KEY
        secret_hash = Mark.SECRET
        used_at = ended_at = Mark.CONDUCT
