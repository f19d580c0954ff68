"""What stands beside the call: another chart opened on purpose, templates of notes, questionnaires."""

from typing import ClassVar

from django.db import models

from teleward.consult.models.recorded import Recorded
from teleward.consult.models.visits import Visit
from teleward.kernel.clock import now
from teleward.kernel.marks import Mark


class Aside(Recorded):
    """During this visit its host opened another patient's chart, and said so when asked."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="asides")
    patient = models.UUIDField()

    class Marks(Recorded.Marks):
        visit = patient = Mark.KEY


class NoteTemplate(Recorded):
    """A text of the practice that a note may begin with. It is about nobody. A changed one is a new one."""

    organisation = models.UUIDField()
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=80)
    text = models.TextField(max_length=5_000)

    class Marks(Recorded.Marks):
        organisation = Mark.KEY
        language = name = text = Mark.SETTING


class NoteTemplateEnd(Recorded):
    """A template is not offered any more."""

    template = models.OneToOneField(NoteTemplate, on_delete=models.PROTECT, related_name="end")

    class Marks(Recorded.Marks):
        template = Mark.KEY


class FormAsked(Recorded):
    """The patient is asked to answer a questionnaire before this visit."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="forms")
    questionnaire = models.UUIDField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "questionnaire"], name="consult_form_asked_once"),
        ]

    class Marks(Recorded.Marks):
        visit = Mark.KEY
        questionnaire = version = Mark.CLINICAL


class FormDraft(models.Model):
    """What was typed so far, sealed with the patient's key. Overwritten while it is typed."""

    asked = models.OneToOneField(FormAsked, on_delete=models.PROTECT, related_name="draft")
    typed = models.BinaryField()
    at = models.DateTimeField(default=now)

    class Marks:
        id = asked = Mark.KEY
        typed = Mark.CLINICAL
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.asked_id)


class FormAnswered(Recorded):
    """The answers were handed in. The chart has them under the form's id, unless the visit is kept closer."""

    asked = models.OneToOneField(FormAsked, on_delete=models.PROTECT, related_name="answered")
    response = models.BinaryField()  # as it was handed in, sealed

    class Marks(Recorded.Marks):
        asked = Mark.KEY
        response = Mark.CLINICAL


class OrderShared(Recorded):
    """The physician showed the patient, on the receipt, what was planned; `words` are sealed."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="orders")
    order = models.UUIDField()
    words = models.BinaryField()

    class Marks(Recorded.Marks):
        visit = order = Mark.KEY
        words = Mark.CLINICAL


class OrderShareEnd(Recorded):
    """It is shown no more: taken back, changed, or withdrawn."""

    share = models.OneToOneField(OrderShared, on_delete=models.PROTECT, related_name="end")

    class Marks(Recorded.Marks):
        share = Mark.KEY
