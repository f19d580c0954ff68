"""The chart's rows: FHIR resources, every version kept."""

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

UNDATED = datetime(2, 1, 1, tzinfo=UTC)  # of what says no time: before everything, so that it can be sorted


class Resource(models.Model):
    """One version of one FHIR resource. Its body is JSON, sealed with the patient's key.

    What is nobody's in particular, such as a schedule, is sealed with a key of the practice. A version that
    says that the resource was removed has no body.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.CharField(max_length=64)
    logical_id = models.UUIDField()
    version = models.PositiveIntegerField()
    organisation = models.UUIDField()
    patient = models.UUIDField(null=True)
    body = models.BinaryField()
    deed = models.CharField(max_length=6, default="MADE")  # POST, PUT, DELETE; MADE by Teleward itself
    last_updated = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["type", "logical_id", "version"], name="records_one_version"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "type", "-last_updated"], name="records_of_patient"),
        ]

    class Marks:
        id = logical_id = organisation = patient = Mark.KEY
        type = Mark.SETTING
        version = last_updated = Mark.CONDUCT
        deed = Mark.CONDUCT
        body = Mark.CLINICAL

    def __str__(self) -> str:
        return f"{self.type}/{self.logical_id}/_history/{self.version}"


class Current(models.Model):
    """The newest version of one resource, and what it is found by.

    `id` follows from type and logical id. `keys` are keyed hashes of what may be searched for; of the values
    only times and amounts stand in clear. `low` and `high` bound the time the resource is about.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    type = models.CharField(max_length=64)
    logical_id = models.UUIDField()
    version = models.PositiveIntegerField()
    newest = models.UUIDField()
    organisation = models.UUIDField()
    patient = models.UUIDField(null=True)
    removed_at = models.DateTimeField(null=True)
    last_updated = models.DateTimeField()
    low = models.DateTimeField(default=UNDATED)
    high = models.DateTimeField(default=UNDATED)
    keys = ArrayField(models.BigIntegerField())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["patient", "type", "low", "logical_id"], name="records_by_time"),
            models.Index(fields=["patient", "type", "logical_id"], name="records_by_id"),
            models.Index(fields=["organisation", "type", "logical_id"], name="records_of_practice"),
            models.Index(fields=["organisation", "type", "last_updated"], name="records_by_change"),
            GinIndex(fields=["keys"], name="records_by_key"),
        ]

    class Marks:
        id = logical_id = newest = organisation = patient = Mark.KEY
        type = Mark.SETTING
        version = last_updated = removed_at = Mark.CONDUCT
        low = high = keys = Mark.CLINICAL

    def __str__(self) -> str:
        return f"{self.type}/{self.logical_id}"


class Moment(models.Model):
    """A stretch of time that a resource is found by, beside the one it is about."""

    holder = models.UUIDField(db_index=True)  # Current.id
    organisation = models.UUIDField()
    key = models.BigIntegerField()
    low = models.DateTimeField()
    high = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "low"], name="records_moment_by_key")]

    class Marks:
        id = holder = organisation = Mark.KEY
        key = low = high = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.holder)


class Amount(models.Model):
    """A number with the unit's keyed hash (0: none) that a resource is found by."""

    holder = models.UUIDField(db_index=True)  # Current.id
    organisation = models.UUIDField()
    key = models.BigIntegerField()
    number = models.FloatField()
    unit = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "number"], name="records_amount_by_key")]

    class Marks:
        id = holder = organisation = Mark.KEY
        key = number = unit = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.holder)


class Export(models.Model):
    """A bulk export that a program began. Its files are written while they are fetched; none is laid down."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    client = models.UUIDField()
    kinds = ArrayField(models.CharField(max_length=64))
    since = models.DateTimeField(default=UNDATED)
    began_at = models.DateTimeField(default=now)
    given_up_at = models.DateTimeField(null=True)

    class Marks:
        id = organisation = client = Mark.KEY
        kinds = Mark.SETTING
        since = began_at = given_up_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class ExportCount(models.Model):
    """How many resources of one type an export has, once they were counted."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="counts")
    kind = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    counted_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "kind"], name="records_counted_once"),
        ]

    class Marks:
        id = export = Mark.KEY
        kind = Mark.SETTING
        number = counted_at = Mark.CONDUCT

    def __str__(self) -> str:
        return f"{self.export_id}/{self.kind}"
