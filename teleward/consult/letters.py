"""The words of an invitation: who, when and how to come. Never why, never what kind of doctor."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ZONES = {"CET": gettext_lazy("CET"), "CEST": gettext_lazy("CEST")}  # as people of the language call them
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = set("^{}\\[~]|€")  # these take two places


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """What an invitation may say."""

    practice: str
    telephone: str
    clinician: str
    starts_at: datetime
    minutes: int
    zone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    text: str


def letter(*, about: Appointment, name: str, link: str) -> Letter:
    """The e-mail with the link, in the guest's language."""
    with translation.override(about.language):
        day, clock = when(about)
        facts = {"name": name, "practice": about.practice, "clinician": about.clinician}
        facts |= {"day": day, "clock": clock, "minutes": str(about.minutes), "link": link}
        lines = [
            _("Hello %(name)s,"),
            "",
            _("you have an appointment with %(clinician)s (%(practice)s)"),
            _("on %(day)s at %(clock)s, for about %(minutes)s minutes."),
            "",
            _("You do not have to travel. Open this link when it is time, on a phone, tablet or computer:"),
            "%(link)s",
            "",
            _("You need no account and no program. You decide whether you want to be seen."),
            _("The link is for you alone: please do not pass it on. It opens this one appointment only."),
            *_telephone(about),
            "",
            "%(practice)s",
        ]
        text = "\n".join(line % facts for line in lines)
        return Letter(subject=_("Your appointment on %(day)s at %(clock)s") % facts, text=text)


def farewell(*, about: Appointment, name: str) -> Letter:
    """The e-mail that says an appointment will not take place."""
    with translation.override(about.language):
        day, clock = when(about)
        facts = {
            "name": name,
            "practice": about.practice,
            "clinician": about.clinician,
            "day": day,
            "clock": clock,
        }
        lines = [
            _("Hello %(name)s,"),
            "",
            _("your appointment with %(clinician)s on %(day)s at %(clock)s will not take place."),
            _("The link you were sent does not work any more."),
            *_telephone(about),
            "",
            "%(practice)s",
        ]
        subject = _("Your appointment on %(day)s at %(clock)s is cancelled") % facts
        return Letter(subject=subject, text="\n".join(line % facts for line in lines))


def short_message(*, about: Appointment, link: str) -> str:
    """The text message with the link: one message of 160 places where the practice's name allows it."""
    with translation.override(about.language):
        day, clock = _short_when(about)
        facts = {"practice": about.practice, "day": day, "clock": clock, "link": link}
        full = _("%(practice)s: your appointment %(day)s %(clock)s. Open: %(link)s") % facts
        return full if fits(full) else _("Your appointment %(day)s %(clock)s: %(link)s") % facts


def title(about: Appointment) -> str:
    """What stands in the calendar."""
    with translation.override(about.language):
        return _("Appointment with %(clinician)s") % {"clinician": about.clinician}


def places(text: str) -> int:
    """How many places of a GSM 03.38 message the text takes; 0 when the alphabet lacks a letter."""
    if not set(text) <= GSM | GSM_TWICE:
        return 0
    return len(text) + sum(letter in GSM_TWICE for letter in text)


def fits(text: str) -> bool:
    """Whether the text is one text message."""
    return 0 < places(text) <= 160


def when(about: Appointment) -> tuple[str, str]:
    """Day and clock time on the practice's clock, in the active language; the zone stands beside the time."""
    with timezone.override(ZoneInfo(about.zone)):
        local = timezone.localtime(about.starts_at)
        zone = ZONES.get(local.tzname() or "", local.tzname())
        clock = _("%(clock)s (%(zone)s)") % {"clock": formats.time_format(local, "H:i"), "zone": zone}
        return formats.date_format(local, _("l, j F Y")), clock


def _short_when(about: Appointment) -> tuple[str, str]:
    local = about.starts_at.astimezone(ZoneInfo(about.zone))
    return formats.date_format(local, _("j M")), formats.time_format(local, "H:i")


def _telephone(about: Appointment) -> list[str]:
    if not about.telephone:
        return []
    return ["", _("Questions, or does the link not work? Call us: %s") % about.telephone.replace("%", "%%")]
