"""How a patient comes to an account of their own: who asked, who agreed, since when we have the address."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Person, StaffInvitation


class ContactChange(models.Model):
    """The e-mail address in a patient's entry was entered or changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="contact_changes")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    before = models.BinaryField(default=bytes)  # the address until then, sealed; empty: none, or forgotten

    class Marks:
        id = Mark.KEY
        patient = Mark.KEY
        by = Mark.KEY
        at = Mark.CONDUCT
        before = Mark.CONTACT

    def __str__(self) -> str:
        return str(self.id)


class AccountRequest(models.Model):
    """Somebody wants to invite a patient to an account; a second person may have to agree."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="account_requests")
    by_mail = models.BooleanField()  # to the address on file; else the link is shown to who asked
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    needs_second = models.BooleanField()
    seconded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    identity = models.CharField(max_length=12, blank=True)  # id-card, known, called: how the second made sure
    ended_at = models.DateTimeField(null=True)  # declined, asked anew, or the address changed meanwhile
    invitation = models.OneToOneField(
        StaffInvitation, null=True, on_delete=models.SET_NULL, related_name="account_request"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at=None, invitation=None),
                name="one_account_asked_for",
            )
        ]

    class Marks:
        id = Mark.KEY
        patient = Mark.KEY
        by_mail = Mark.CONDUCT
        asked_by = Mark.KEY
        asked_at = Mark.CONDUCT
        needs_second = Mark.CONDUCT
        seconded_by = Mark.KEY
        seconded_at = Mark.CONDUCT
        identity = Mark.CONDUCT
        ended_at = Mark.CONDUCT
        invitation = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)
