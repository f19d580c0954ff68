"""The practice and the people who sign in to it."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Lower

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Organisation(models.Model):
    """A practice or clinic."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    telephone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")
    language = models.CharField(max_length=8, default="en")

    class Marks:
        id = Mark.KEY
        name = Mark.SETTING
        short_name = Mark.SETTING
        telephone = Mark.SETTING
        time_zone = Mark.SETTING
        language = Mark.SETTING

    def __str__(self) -> str:
        return self.short_name


class Person(models.Model):
    """Somebody who signs in: staff, or a patient with an account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    password = models.CharField(max_length=256, blank=True)  # Argon2id with its parameters; empty: none set
    password_failures = models.PositiveIntegerField(
        default=0
    )  # in a row, from anywhere; at the cap it no longer counts
    recovery_failures = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        email = Mark.CONTACT
        name = Mark.IDENTITY
        language = Mark.SETTING
        password = Mark.SECRET
        password_failures = Mark.CONDUCT
        recovery_failures = Mark.CONDUCT
        joined_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Role(models.Model):
    """What a member of staff may be here, from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=40)
    given_at = models.DateTimeField(default=now)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"], condition=models.Q(ends_at=None), name="one_open_role_of_a_kind"
            )
        ]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        name = Mark.SETTING
        given_at = Mark.CONDUCT
        given_by = Mark.KEY
        starts_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        ended_by = Mark.KEY

    def __str__(self) -> str:
        return self.name

    def holds(self, at: datetime) -> bool:
        """Whether the role counts at this instant."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Deactivation(models.Model):
    """The end of a person's access, with who ended it and why."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="deactivation"
    )
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Marks:
        person = Mark.KEY
        at = Mark.CONDUCT
        by = Mark.KEY
        reason = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.person_id)


class StaffInvitation(models.Model):
    """A single-use way in: for a new person, a patient's account (no roles), or somebody who lost theirs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    patient = models.ForeignKey(
        "access.Patient", null=True, on_delete=models.CASCADE, related_name="account_invitations"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="ways_back")
    token_hash = models.BinaryField(max_length=32, unique=True)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    roles = models.JSONField(default=list)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_as = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        patient = Mark.KEY
        person = Mark.KEY
        token_hash = Mark.SECRET
        email = Mark.CONTACT
        name = Mark.IDENTITY
        roles = Mark.SETTING
        invited_by = Mark.KEY
        invited_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        accepted_at = Mark.CONDUCT
        accepted_as = Mark.KEY
        withdrawn_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
