"""What access knows of who has to do with whom: its own copy of facts that upper rooms make."""

from django.db import models

from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Organisation, Person


class Standing(models.Model):
    """A member of staff has a visit with a patient. The dated evidence behind an access."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="standings")
    staff = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standings")
    role = models.CharField(max_length=20)  # host, second
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "staff"], name="one_standing_per_visit")]
        indexes = [models.Index(fields=["patient", "staff"], name="standings_by_patient")]

    class Marks:
        id = Mark.KEY
        visit = Mark.KEY
        organisation = Mark.KEY
        patient = Mark.KEY
        staff = Mark.KEY
        role = Mark.CONDUCT
        starts_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
