"""What came from home: numbers taken, batches, readings by month of receipt, days to be summed up."""

from typing import ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from teleward.devices.models.pairings import Pairing
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Numbers(models.TextField):  # type: ignore[type-arg]  # Django's own has no arguments when it runs
    """PostgreSQL's int8multirange: whole numbers in one piece more than there are gaps."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django's shape
        """What PostgreSQL calls it."""
        return "int8multirange"


class Taken(models.Model):
    """Numbers of readings taken from a pairing; each is taken once. Locked while a batch comes in."""

    pairing = models.OneToOneField(Pairing, primary_key=True, on_delete=models.CASCADE, related_name="taken")
    numbers = Numbers(default="{}")
    seen_at = models.DateTimeField(default=now)
    battery = models.PositiveSmallIntegerField(null=True)  # per cent, where the gateway says it

    class Marks:
        pairing = Mark.KEY
        numbers = seen_at = battery = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.pairing_id)


class Batch(models.Model):
    """What was taken at once, under one entry of the ledger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="batches")
    organisation = models.UUIDField()
    patient = models.UUIDField()
    received_at = models.DateTimeField()  # by our clock; the same for each of its readings
    kept = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    numbers = Numbers()  # of those that were kept
    sha256 = models.BinaryField(max_length=32)  # of the body as it came
    skew = models.IntegerField()  # milliseconds by which the gateway's clock was ahead of ours

    class Meta:
        indexes: ClassVar = [models.Index(fields=["pairing", "-received_at"], name="devices_batch_of")]

    class Marks:
        id = pairing = organisation = patient = Mark.KEY
        received_at = kept = refused = numbers = skew = Mark.CONDUCT
        sha256 = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class HomeReading(models.Model):
    """One reading from home, sealed with the patient's key. The table has a part for each month."""

    pk = models.CompositePrimaryKey("pairing", "sequence", "received_at")
    pairing = models.UUIDField()
    sequence = models.BigIntegerField()
    received_at = models.DateTimeField()
    organisation = models.UUIDField()
    patient = models.UUIDField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()  # measured, by the device's clock; received by the gateway, where it has none
    sealed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "kind", "at"], name="devices_home_at")]

    class Marks:
        pairing = sequence = organisation = patient = Mark.KEY
        received_at = Mark.CONDUCT
        kind = Mark.SETTING  # as the type of a resource
        at = sealed = Mark.CLINICAL

    def __str__(self) -> str:
        return f"{self.pairing}/{self.sequence}"


class DirtyDay(models.Model):
    """A day of a patient, by the practice's calendar, with readings that are not summed up yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    kind = models.CharField(max_length=40)
    day = models.DateField()
    marked_at = models.DateTimeField(default=now)  # newest reading; unmarked only where it is still this

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "kind", "day"], name="devices_dirty_once"),
        ]

    class Marks:
        id = organisation = patient = Mark.KEY
        kind = Mark.SETTING
        day = Mark.CLINICAL
        marked_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class SeenWord(models.Model):
    """A signed word of a gateway that was taken: it counts once."""

    jti_hash = models.BinaryField(max_length=32, primary_key=True)  # with the pairing
    expires_at = models.DateTimeField(db_index=True)

    class Marks:
        jti_hash = Mark.SECRET
        expires_at = Mark.CONDUCT

    def __str__(self) -> str:
        return self.jti_hash.hex()
