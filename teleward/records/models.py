"""The chart's rows: FHIR resources, every version kept."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Resource(models.Model):
    """One version of one FHIR resource. Its body is JSON, sealed with the patient's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.CharField(max_length=64)
    logical_id = models.UUIDField()
    version = models.PositiveIntegerField()
    organisation = models.UUIDField()
    patient = models.UUIDField()
    body = models.BinaryField()
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
        body = Mark.CLINICAL

    def __str__(self) -> str:
        return f"{self.type}/{self.logical_id}/_history/{self.version}"
