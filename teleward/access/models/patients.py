"""The people the practice cares for."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Organisation, Person


class Patient(models.Model):
    """A patient of the practice; with `person` once they have an account of their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="patients")
    given_name = models.CharField(max_length=120)
    family_name = models.CharField(max_length=120)
    born_on = models.DateField()
    language = models.CharField(max_length=8, default="en")
    contact = models.BinaryField(default=bytes)  # e-mail and telephone, sealed with the patient's key
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="patient"
    )
    registered_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "family_name", "given_name"], name="patients_by_name")
        ]

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        given_name = Mark.IDENTITY
        family_name = Mark.IDENTITY
        born_on = Mark.IDENTITY
        language = Mark.SETTING
        contact = Mark.CONTACT
        person = Mark.KEY
        registered_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
