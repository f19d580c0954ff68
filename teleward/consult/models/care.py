"""What the people in the room find, agree and write down."""

from typing import ClassVar

from django.db import models

from teleward.consult.models.recorded import Recorded
from teleward.consult.models.visits import Visit
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

IDENTITY_WAYS = ("known", "id-card", "asked", "by-another")
DISPOSITIONS = (
    "completed",
    "follow-up-in-person",
    "follow-up-video",
    "referral",
    "emergency",
    "technical",
    "no-show",
)


class IdentityCheck(Recorded):
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="identity_checks")
    how = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(how__in=IDENTITY_WAYS), name="consult_identity_how"),
        ]

    class Marks(Recorded.Marks):
        visit = Mark.KEY
        how = Mark.CONDUCT


class Consent(Recorded):
    """The patient agreed to a visit by these means: to which text, in which language."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)

    class Marks(Recorded.Marks):
        visit = Mark.KEY
        version = language = Mark.CLINICAL


class Withdrawal(Recorded):
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")

    class Marks(Recorded.Marks):
        consent = Mark.KEY


class Ending(Recorded):
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="ending")
    disposition = models.CharField(max_length=24)
    follow_up_offered = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(disposition__in=DISPOSITIONS), name="consult_ending_disposition"
            ),
        ]

    class Marks(Recorded.Marks):
        visit = Mark.KEY
        disposition = follow_up_offered = Mark.CLINICAL


class Note(models.Model):
    """One author's note on one visit; its text is in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    author = models.UUIDField()
    author_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "author"], name="consult_note_author"),
        ]

    class Marks:
        id = visit = author = Mark.KEY
        author_name = Mark.IDENTITY

    def __str__(self) -> str:
        return str(self.id)


class NoteVersion(Recorded):
    """One saved text of a note, sealed with the patient's key. Never overwritten."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "number"], name="consult_note_version"),
        ]

    class Marks(Recorded.Marks):
        note = Mark.KEY
        number = Mark.CONDUCT
        text = Mark.CLINICAL
