"""Word to those who may be the second person for a closed record: somebody waits. No name, no reason."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from teleward.access.grants import Action, Grant
from teleward.access.queries.glass import glass_facts
from teleward.access.queries.reach import reach_of_roles
from teleward.access.queries.waiting import SECONDING
from teleward.kernel.mail import mail_is_sent


def ask_seconds(*, grant: Grant, glass: UUID) -> None:
    """Writes to every physician and privacy officer of the practice but the one who asks."""
    grant.must_cover(Action.GLASS_SECOND)
    asker = glass_facts(glass=glass).person
    if not mail_is_sent():
        return
    for reached in reach_of_roles(grant=grant, roles=SECONDING, other_than=asker):
        with translation.override(reached.language):
            lines = [
                _("Hello,"),
                _("a colleague asks for a second person in an emergency. Please sign in and answer:"),
                f"{settings.ORIGIN}/emergencies/{glass}/second/",
            ]
            subject = _("A colleague needs you now")
            EmailMessage(subject=subject, body="\n\n".join(lines), to=[reached.email]).send()
