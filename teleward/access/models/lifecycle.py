"""How people come, change and go: what is planned, confirmed and noticed about an account."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Person


class PlannedLeaving(models.Model):
    """The instant from which a person's access is over, known in advance. Signing in looks at it itself."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="planned_leaving"
    )
    at = models.DateTimeField(db_index=True)
    planned_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=200)

    class Marks:
        person = Mark.KEY
        at = Mark.CONDUCT
        planned_by = Mark.KEY
        planned_at = Mark.CONDUCT
        reason = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.person_id)


class Confirmation(models.Model):
    """Somebody looked: this person still needs this role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="confirmations")
    role = models.CharField(max_length=40)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["person", "role", "confirmed_at"], name="confirmations_by_role")]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        role = Mark.SETTING
        confirmed_by = Mark.KEY
        confirmed_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class LastUse(models.Model):
    """When a person last signed in and was last there, kept after the sessions themselves are forgotten."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="last_use")
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Marks:
        person = Mark.KEY
        signed_in_at = Mark.CONDUCT
        seen_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.person_id)


class BreachedPassword(models.Model):
    """A password in use turned out to be known to guessers, from when it was noticed until it was changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="breached_passwords")
    noticed_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(changed_at=None), name="one_breached_password_at_a_time"
            )
        ]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        noticed_at = Mark.CONDUCT
        changed_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
