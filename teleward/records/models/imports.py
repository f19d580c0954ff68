"""Files of other systems, while they are imported, and what became of each resource."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Import(models.Model):
    """`file` is sealed with the practice's key and gone once `done_at` stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=now)
    source = models.CharField(max_length=100)  # the other system, in the words of who brought it
    file = models.BinaryField()
    total = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)

    class Marks:
        id = organisation = by = Mark.KEY
        source = total = Mark.SETTING
        at = done_at = Mark.CONDUCT
        file = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class ImportLine(models.Model):
    """What became of one resource. `said` is sealed: what it is called there, and what was wrong where."""

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8)
    reason = models.CharField(max_length=16)
    said = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brought", "number"], name="records_import_line_once"),
        ]

    class Marks:
        id = brought = Mark.KEY
        number = kind = outcome = reason = Mark.CONDUCT
        said = Mark.CLINICAL

    def __str__(self) -> str:
        return f"{self.brought_id}/{self.number}"


class ImportKey(models.Model):
    """That an import was brought, to which practice, when: for the job that goes on with it or forgets it."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "records_import_key"

    class Marks:
        id = organisation = Mark.KEY
        at = done_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
