"""A patient asks that their data be erased, and what came of it."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class ErasureRequest(models.Model):
    """A patient asks for erasure (Art. 17 GDPR)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("access.Patient", on_delete=models.CASCADE, related_name="+")
    words = models.BinaryField()  # the patient's own, sealed with their key; may say nothing
    asked_at = models.DateTimeField(default=now)

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        patient = Mark.KEY
        words = Mark.CLINICAL
        asked_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class ErasureAnswer(models.Model):
    """What was erased and what stays, by whom decided; the request is closed."""

    request = models.OneToOneField(
        ErasureRequest, primary_key=True, on_delete=models.CASCADE, related_name="answer"
    )
    erased = models.JSONField(default=list)  # keys of the retention policy; empty: nothing could go
    kept = models.JSONField(default=dict)  # key: the day until which the law wants it kept
    words = models.BinaryField()  # for the patient, sealed with their key
    by = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Marks:
        request = Mark.KEY
        erased = Mark.CONDUCT
        kept = Mark.CONDUCT
        words = Mark.CLINICAL
        by = Mark.KEY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.request_id)
