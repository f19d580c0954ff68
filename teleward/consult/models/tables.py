"""A table of appointments that somebody brought, while it waits to be confirmed."""

from django.db import models

from teleward.consult.models.recorded import Recorded
from teleward.kernel.marks import Mark


class AppointmentTable(Recorded):
    """`file` is the file as it came and `report` what became of its rows; both are sealed for the practice.

    The file goes when the table is booked or put away, and everything after a day.
    """

    organisation = models.UUIDField()
    file = models.BinaryField()
    choices = models.JSONField(default=dict)  # what each column is, how days are meant, for whom, how long
    report = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Marks(Recorded.Marks):
        organisation = Mark.KEY
        file = report = Mark.CLINICAL
        choices = Mark.SETTING
        ended_at = Mark.CONDUCT


class TableKey(models.Model):
    """That a table waits, and since when: for what forgets it."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "consult_appointmenttable_key"

    class Marks:
        id = organisation = Mark.KEY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
