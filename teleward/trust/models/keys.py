"""Ids that the gate needs before it decides: views of fenced tables, read only."""

from django.db import models

from teleward.kernel.marks import Mark


class ObjectionKey(models.Model):
    """That there is an objection, and whose. No words."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField(db_column="organisation_id")
    patient = models.UUIDField(db_column="patient_id")

    class Meta:
        managed = False
        db_table = "trust_objection_key"

    class Marks:
        id = organisation = patient = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class ErasureKey(models.Model):
    """That somebody asked for erasure, and who. No words."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField(db_column="organisation_id")
    patient = models.UUIDField(db_column="patient_id")

    class Meta:
        managed = False
        db_table = "trust_erasure_key"

    class Marks:
        id = organisation = patient = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)
