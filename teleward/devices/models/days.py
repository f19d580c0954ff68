"""What is counted: each day's readings in short, and the minutes that staff spent on a patient's readings."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class DayInShort(models.Model):
    """One patient, one code, one day of the practice's calendar; sealed. Made anew when the day is dirty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    quantity = models.CharField(max_length=20)  # LOINC
    day = models.DateField()
    said = models.BinaryField()  # see rollups.Day
    until_at = models.DateTimeField()  # readings taken later are not in it
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "quantity", "day"], name="devices_one_day_in_short"),
        ]

    class Marks:
        id = organisation = patient = Mark.KEY
        quantity = day = said = Mark.CLINICAL
        until_at = made_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class MinuteSpent(models.Model):
    """One minute of one member of staff, with one patient's readings; nobody has a minute twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    person = models.UUIDField()
    minute = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "minute"], name="devices_a_minute_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "minute"], name="devices_minutes_of")]

    class Marks:
        id = organisation = patient = person = Mark.KEY
        minute = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class DirtyDayKey(models.Model):
    """A view of the days that have to be summed up: whose, and which."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    day = models.DateField()
    marked_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "devices_dirtyday_key"

    class Marks:
        id = organisation = patient = Mark.KEY
        day = Mark.CLINICAL
        marked_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
