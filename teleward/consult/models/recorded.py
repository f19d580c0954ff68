"""What every record of a deed carries: its id, when it was done, and by whom."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Recorded(models.Model):
    """One deed: the row is the state, so nothing is overwritten."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)  # a person's id or a pass's id; empty when the system did it

    class Meta:
        abstract = True

    class Marks:
        id = Mark.KEY
        at = Mark.CONDUCT
        by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)
