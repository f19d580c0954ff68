"""Two files of one person: said to be one, thought to be one, or found not to be."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Organisation, Person


class Merge(models.Model):
    """Somebody said that two files are one person's. Both stay as they are; ending this takes it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="+"
    )  # an earlier file from now on
    why = models.CharField(max_length=12)  # a word of merging.WHY
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(ended_at=None), name="one_file_is_kept_for_another"
            )
        ]

    class Marks:
        id = organisation = kept = gone = Mark.KEY
        why = Mark.IDENTITY
        at = ended_at = Mark.CONDUCT
        by = ended_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class MergeKey(models.Model):
    """Which file is kept in the place of which."""

    id = models.UUIDField(primary_key=True)
    kept_id = models.UUIDField()
    gone_id = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_merge_key"

    class Marks:
        id = kept_id = gone_id = Mark.KEY
        ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Likeness(models.Model):
    """A keyed hash by which files of one person are found together, such as how a name sounds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="likenesses")
    kind = models.CharField(max_length=12)  # a word of matching.traits.Kind
    keyed_hash = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["keyed_hash", "patient"], name="one_likeness_of_a_patient")
        ]

    class Marks:
        id = organisation = patient = Mark.KEY
        kind = Mark.SETTING
        keyed_hash = Mark.SECRET

    def __str__(self) -> str:
        return str(self.id)


class Proposal(models.Model):
    """Two files that may be one person's, and what somebody answered. Nothing follows by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")  # of the two the lower id
    second = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    weight = models.IntegerField()  # tenths of a bit
    reasons = models.CharField(max_length=200)  # words of matching.weights.Reason, with spaces between
    at = models.DateTimeField(default=now)
    answer = models.CharField(max_length=12, blank=True)  # same, different
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_proposal_of_two")]
        indexes = [
            models.Index(
                fields=["organisation", "-weight"],
                condition=models.Q(answered_at=None),
                name="open_proposals",
            )
        ]

    class Marks:
        id = organisation = first = second = Mark.KEY
        weight = reasons = answer = Mark.IDENTITY
        at = answered_at = Mark.CONDUCT
        answered_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)
