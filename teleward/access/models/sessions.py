"""Signed-in sessions. The live part reads the same rows as the pages."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Person


class Session(models.Model):
    """One signed-in browser. The cookie holds the secret, the row only its hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sessions")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    aal = models.PositiveSmallIntegerField()  # authenticator assurance level, NIST SP 800-63B-4
    method = models.CharField(max_length=20)  # a word of signin/factors.py
    begun_at = models.DateTimeField(default=now)
    authenticated_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    locked_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)  # the password turned out to be stolen
    ended_at = models.DateTimeField(null=True, blank=True)
    client_address = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "ended_at"], name="sessions_by_person")]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        secret_hash = Mark.SECRET
        aal = Mark.CONDUCT
        method = Mark.CONDUCT
        begun_at = Mark.CONDUCT
        authenticated_at = Mark.CONDUCT
        seen_at = Mark.CONDUCT
        locked_at = Mark.CONDUCT
        held_at = Mark.CONDUCT
        ended_at = Mark.CONDUCT
        client_address = Mark.CONDUCT
        user_agent = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)
