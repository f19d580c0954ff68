"""Ids that the gate needs before it decides. A view of the patients' table, which is fenced; read only."""

from django.db import models

from teleward.kernel.marks import Mark

from .people import Organisation, Person


class PatientKey(models.Model):
    """That there is a patient, in which practice, with whose account. Nothing about them."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.DO_NOTHING, related_name="+")
    person = models.OneToOneField(Person, null=True, on_delete=models.DO_NOTHING, related_name="patient_key")
    registered_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "access_patient_key"

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        person = Mark.KEY
        registered_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
