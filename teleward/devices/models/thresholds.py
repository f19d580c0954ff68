"""What a clinician wants to be told about: limits for one patient and one code, set and ended as records."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Threshold(models.Model):
    """From which values on, and after how many days without any, somebody is told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=now)
    by = models.UUIDField()
    organisation = models.UUIDField()
    patient = models.UUIDField()
    quantity = models.CharField(max_length=20)  # LOINC
    said = models.BinaryField()  # low, high and why, sealed
    urgent = models.BooleanField(default=False)  # word of it does not wait for the morning
    silent_days = models.PositiveSmallIntegerField(null=True)  # empty: nobody asks

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "quantity"], name="devices_thresholds_of")]

    class Marks:
        id = by = organisation = patient = Mark.KEY
        at = Mark.CONDUCT
        quantity = said = Mark.CLINICAL
        urgent = silent_days = Mark.SETTING

    def __str__(self) -> str:
        return str(self.id)


class ThresholdEnd(models.Model):
    """It holds no longer: somebody ended it and said why, or other limits took its place."""

    threshold = models.OneToOneField(
        Threshold, on_delete=models.CASCADE, related_name="end", primary_key=True
    )
    at = models.DateTimeField(default=now)
    by = models.UUIDField()
    why = models.BinaryField()  # sealed

    class Marks:
        threshold = by = Mark.KEY
        at = Mark.CONDUCT
        why = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.threshold_id)


class ThresholdKey(models.Model):
    """That somebody wants to be told about a patient's readings; not from which values on."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    organisation = models.UUIDField()
    patient = models.UUIDField()
    silent_days = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "devices_threshold_key"

    class Marks:
        id = organisation = patient = Mark.KEY
        at = ended_at = Mark.CONDUCT
        silent_days = Mark.SETTING

    def __str__(self) -> str:
        return str(self.id)


class QuietChange(models.Model):
    """From when to when a practice is not told of what can wait; the newest holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=now)
    by = models.UUIDField()
    organisation = models.UUIDField()
    begins = models.TimeField()  # on the practice's clock; as `ends`: never quiet
    ends = models.TimeField()
    why = models.CharField(max_length=300, default="", blank=True)  # about the practice, of no patient

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "at"], name="devices_quiet_at")]

    class Marks:
        id = by = organisation = Mark.KEY
        at = Mark.CONDUCT
        begins = ends = why = Mark.SETTING

    def __str__(self) -> str:
        return str(self.id)
