"""Numbers by which others know a patient."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Organisation, Person


class PatientIdentifier(models.Model):
    """One number of a patient, sealed, with a keyed hash to find it by. It stands until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=200)  # the address of the kind of number, as FHIR names it
    sealed = models.BinaryField()  # sealed with the patient's key
    keyed_hash = models.BinaryField(max_length=32)  # of practice, system and number
    given_at = models.DateTimeField(default=now)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["keyed_hash", "patient"],
                condition=models.Q(withdrawn_at=None),
                name="one_number_of_a_patient",
            )
        ]

    class Marks:
        id = organisation = patient = Mark.KEY
        system = Mark.SETTING
        sealed = Mark.IDENTITY
        keyed_hash = Mark.SECRET
        given_at = withdrawn_at = Mark.CONDUCT
        given_by = withdrawn_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class PatientIdentifierKey(models.Model):
    """Whose number a keyed hash is. Not the number."""

    id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField()
    keyed_hash = models.BinaryField(max_length=32, db_column="digest")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_patientidentifier_key"

    class Marks:
        id = patient_id = Mark.KEY
        keyed_hash = Mark.SECRET
        withdrawn_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
