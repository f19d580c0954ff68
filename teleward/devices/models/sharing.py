"""What a patient shows in a visit, and what they chose to keep. Values that were only shown are nowhere."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

UNTIL = ("stop", "end")  # until the patient stops it; at the latest, and else, the end of the call
WHYS = ("stopped", "ended")
SAYERS = ("patient", "proxy", "device")
WRONGS = ("not-me", "wrong", "device")  # somebody else measured, the value is wrong, the device says so


class Sharing(models.Model):
    """The patient agreed to show readings of these kinds to those in the visit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    visit = models.UUIDField()
    organisation = models.UUIDField()
    patient = models.UUIDField()
    kinds = models.JSONField()  # names of kinds
    until = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(until__in=UNTIL), name="devices_sharing_until"),
        ]
        indexes: ClassVar = [models.Index(fields=["visit"], name="devices_sharing_visit")]

    class Marks:
        id = by = visit = organisation = patient = Mark.KEY
        at = until = Mark.CONDUCT
        kinds = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class SharingKey(models.Model):
    """A view: in which visits anything was ever shown."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    visit = models.UUIDField()

    class Meta:
        managed = False
        db_table = "devices_sharing_key"

    class Marks:
        id = organisation = visit = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class SharingEnd(models.Model):
    """It is over: the patient stopped it, or the visit ended."""

    sharing = models.OneToOneField(Sharing, on_delete=models.PROTECT, related_name="end", primary_key=True)
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(why__in=WHYS), name="devices_sharing_end_why"),
        ]

    class Marks:
        sharing = by = Mark.KEY
        at = why = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.sharing_id)


class Kept(models.Model):
    """A reading the patient chose to keep, sealed with their key; the chart's Observation bears its id."""

    id = models.UUIDField(primary_key=True)  # made from sharing and reading: kept once
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    sharing = models.ForeignKey(Sharing, on_delete=models.PROTECT, related_name="kept")
    pairing = models.UUIDField()  # of the browser with the device; one typing is one, too
    reading = models.BinaryField()

    class Marks:
        id = by = sharing = pairing = Mark.KEY
        at = Mark.CONDUCT
        reading = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class Disowned(models.Model):
    """Somebody says of a reading that it is wrong or of somebody else: it stays, and nothing is made of it.

    `source` and `sequence` name it: a pairing and its number, or what was kept in a visit and 0.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=now)
    by = models.UUIDField()
    who = models.CharField(max_length=8)  # patient, proxy, device
    organisation = models.UUIDField()
    patient = models.UUIDField()
    source = models.UUIDField()
    sequence = models.BigIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)  # 1 where it was marked before, and taken back
    why = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "sequence", "turn"], name="devices_disowned_once"),
            models.CheckConstraint(condition=models.Q(who__in=SAYERS), name="devices_disowned_who"),
            models.CheckConstraint(condition=models.Q(why__in=WRONGS), name="devices_disowned_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "at"], name="devices_disowned_of")]

    class Marks:
        id = by = organisation = patient = source = Mark.KEY
        at = who = sequence = turn = Mark.CONDUCT
        why = Mark.CLINICAL

    def __str__(self) -> str:
        return f"{self.source}/{self.sequence}"


class Reowned(models.Model):
    """Whoever marked it was wrong about that: the reading counts again, and both stay to be seen."""

    disowned = models.OneToOneField(Disowned, on_delete=models.CASCADE, related_name="back", primary_key=True)
    at = models.DateTimeField(default=now)
    by = models.UUIDField()
    who = models.CharField(max_length=8)  # patient, proxy

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(who__in=SAYERS), name="devices_reowned_who"),
        ]

    class Marks:
        disowned = by = Mark.KEY
        at = who = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.disowned_id)
