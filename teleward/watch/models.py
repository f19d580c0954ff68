"""What the privacy officer looks into, what was found, and who has to be told."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

KINDS = ("emergency", "reason", "report")
OUTCOMES = ("justified", "policy-gap", "misuse")
SAYS = ("opened", "was-it-you", "outcome")


class Case(models.Model):
    """One access to look into: an emergency, a typed reason that was drawn, or a patient's report."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("access.Patient", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    about = models.UUIDField()  # the broken glass, the typed reason or the objection
    code = models.CharField(max_length=24, blank=True)  # of an emergency
    opened_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "about"], name="watch_one_case_each"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="watch_case_kind"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "opened_at"], name="watch_cases_at")]

    class Marks:
        id = organisation = patient = person = about = Mark.KEY
        kind = code = opened_at = due_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Review(models.Model):
    """What the privacy officer found, in words that the patient reads."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="review")
    outcome = models.CharField(max_length=16)
    policy = models.CharField(max_length=60, blank=True)  # that lets through too much, or is missing
    words = models.BinaryField()  # sealed with the patient's key
    by = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="watch_outcome")
        ]

    class Marks:
        case = by = Mark.KEY
        outcome = policy = at = Mark.CONDUCT
        words = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.case_id)


class Settlement(models.Model):
    """A report that was answered in the room it came from."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="settlement")
    at = models.DateTimeField(default=now)

    class Marks:
        case = Mark.KEY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.case_id)


class Denial(models.Model):
    """The member of staff says that it was not them."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="denial")
    at = models.DateTimeField(default=now)

    class Marks:
        case = Mark.KEY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.case_id)


class Notice(models.Model):
    """Word that somebody is owed about a case: when, and when it went out or was found to have no address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices")
    says = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=8, blank=True)  # mail, or page where there is no mail or no address

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "says"], name="watch_one_notice_each"),
            models.CheckConstraint(condition=models.Q(says__in=SAYS), name="watch_notice_says"),
        ]
        indexes: ClassVar = [models.Index(fields=["done_at", "due_at"], name="watch_notices_due")]

    class Marks:
        id = case = Mark.KEY
        says = due_at = done_at = how = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Given(models.Model):
    """This room's own count of typed reasons: who gave one when, and whether it is one they gave before."""

    reason = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("access.Person", on_delete=models.CASCADE, related_name="+")
    alike = models.BinaryField(max_length=32)  # keyed hash of the words without case, spaces and marks
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "at"], name="watch_given_at")]

    class Marks:
        reason = organisation = person = Mark.KEY
        alike = Mark.SECRET
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.reason)


class CaseKey(models.Model):
    """A view of the cases, which are fenced: that there is one and about whom, before the gate decides."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient_id = models.UUIDField()
    kind = models.CharField(max_length=16)
    about = models.UUIDField()

    class Meta:
        managed = False
        db_table = "watch_case_key"

    class Marks:
        id = organisation_id = patient_id = about = Mark.KEY
        kind = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class NoticeKey(models.Model):
    """A view of the notices, which are fenced: which word is due."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(CaseKey, on_delete=models.DO_NOTHING, related_name="+")
    says = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "watch_notice_key"

    class Marks:
        id = case = Mark.KEY
        says = due_at = done_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
