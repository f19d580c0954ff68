"""Word to a member of staff that something waits. No name, no clinical word, nothing of what was measured."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from teleward.access.queries.people import OrganisationCard


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    text: str


def letter(*, practice: OrganisationCard, language: str, alert: UUID | None = None) -> Letter:
    """In the reader's language. With `alert` it is about one that the reader may not see."""
    with translation.override(language):
        said = _seen() if alert is None else _unseen(alert)
        return Letter(subject=_("Something waits for you"), text="\n\n".join([*said, practice.name]))


def _seen() -> list[str]:
    return [
        _("Hello,"),
        _("something waits for you in Teleward. Please sign in and look at it:"),
        f"{settings.ORIGIN}/devices/alerts/",
        _("If you cannot look at it, others will be told in a while."),
    ]


def _unseen(alert: UUID) -> list[str]:
    return [
        _("Hello,"),
        _("something waits in Teleward about a patient whose record you may not open."),
        _("None of those responsible may look at it now, so everybody who treats here is told:"),
        f"{settings.ORIGIN}/devices/alerts/{alert}/",
        _("There a doctor or nurse sees how to open it in an emergency."),
    ]
