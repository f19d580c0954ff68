"""Questionnaires while they are built."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.marks import Mark


class QuestionnaireDraft(models.Model):
    """What a questionnaire will be once it is published; until then nobody is asked it.

    Its id is the questionnaire's. `body` is JSON, sealed with a key of the practice, and empty where nothing
    waits to be published; `before` is what stood there one step earlier. `based_on` is the version it began
    with, 0 for a new one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.UUIDField(db_index=True)
    based_on = models.PositiveIntegerField(default=0)
    step = models.PositiveIntegerField(default=0)
    body = models.BinaryField(default=b"")
    before = models.BinaryField(default=b"")
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)

    class Marks:
        id = organisation = by = Mark.KEY
        based_on = step = at = Mark.CONDUCT
        body = before = Mark.SETTING

    def __str__(self) -> str:
        return f"{self.id}/{self.step}"
