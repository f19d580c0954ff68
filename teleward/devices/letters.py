"""Word to a member of staff that something waits. No name, no clinical word, nothing of what was measured."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from teleward.access.queries.people import OrganisationCard


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    text: str


def letter(*, practice: OrganisationCard, language: str) -> Letter:
    """In the reader's language."""
    with translation.override(language):
        lines = [
            _("Hello,"),
            _("something waits for you in Teleward. Please sign in and look at it:"),
            f"{settings.ORIGIN}/devices/alerts/",
            _("If you cannot look at it, others will be told in a while."),
            practice.name,
        ]
        return Letter(subject=_("Something waits for you"), text="\n\n".join(lines))
