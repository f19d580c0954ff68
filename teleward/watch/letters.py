"""Letters of this room: word that there is something to look at. No name, no clinical word, no detail."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from teleward.access.queries.people import OrganisationCard


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    text: str


def letter(*, says: str, practice: OrganisationCard, language: str, clock: str = "") -> Letter:
    """The letter in the reader's language. `clock` is the time of day the person is asked about."""
    with translation.override(language):
        return {"opened": _opened, "was-it-you": _was_it_you, "outcome": _outcome}[says](practice, clock)


def _opened(practice: OrganisationCard, _clock: str) -> Letter:
    lines = [
        _("Hello,"),
        _(
            "somebody at %(clinic)s has opened your data outside the usual way. "
            "That is allowed in an emergency only, and they had to give a reason."
        ),
        _("The privacy officer of %(clinic)s was told as well and is checking it. You need not do anything."),
        _("You can read who it was, when and why on your own page:"),
        f"{settings.ORIGIN}/window/emergencies/",
        _telephone(practice),
    ]
    return _made(_("There is something to look at on your page"), lines, practice)


def _outcome(practice: OrganisationCard, _clock: str) -> Letter:
    lines = [
        _("Hello,"),
        _("the privacy officer of %(clinic)s has finished a check that concerns you."),
        _("You can read the answer on your own page:"),
        f"{settings.ORIGIN}/window/emergencies/",
        _telephone(practice),
    ]
    return _made(_("There is an answer on your page"), lines, practice)


def _was_it_you(practice: OrganisationCard, clock: str) -> Letter:
    lines = [
        _("Hello,"),
        _("today at %(clock)s a record was opened in an emergency in your name. Was it you?")
        % {"clock": clock},
        _("If it was you, you need not do anything. The patient and the privacy officer know of it."),
        _("If it was not you, say so here at once, and tell the practice:"),
        f"{settings.ORIGIN}/watch/mine/",
    ]
    return _made(_("Was it you?"), lines, practice)


def _telephone(practice: OrganisationCard) -> str:
    if not practice.telephone:
        return ""
    return _("Questions? Call us: %(telephone)s") % {"telephone": practice.telephone}


def _made(subject: str, lines: list[str], practice: OrganisationCard) -> Letter:
    said = [line % {"clinic": practice.name} if "%(clinic)s" in line else line for line in lines if line]
    return Letter(subject=subject, text="\n\n".join([*said, practice.name]))
