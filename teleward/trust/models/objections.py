"""What a patient says about an access that looks wrong, and what the privacy officer answers."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Objection(models.Model):
    """One patient about one entry of their ledger: "this looks wrong", or "who was it"."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("access.Patient", on_delete=models.CASCADE, related_name="+")
    entry = models.UUIDField()  # in the ledger
    wish = models.CharField(max_length=8, default="review")  # review, or name where the practice shows roles
    words = models.BinaryField()  # the patient's own words, sealed with their key
    opened_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "entry", "wish"], name="one_wish_per_entry")
        ]

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        patient = Mark.KEY
        entry = Mark.KEY
        wish = Mark.CONDUCT
        words = Mark.CLINICAL
        opened_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """The end of an objection: what the privacy officer found, in words for the patient."""

    objection = models.OneToOneField(
        Objection, primary_key=True, on_delete=models.CASCADE, related_name="answer"
    )
    finding = models.CharField(max_length=20)  # justified, policy-gap, misuse; named, not-named
    words = models.BinaryField()  # sealed with the patient's key
    by = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Marks:
        objection = Mark.KEY
        finding = Mark.CONDUCT
        words = Mark.CLINICAL
        by = Mark.KEY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.objection_id)
