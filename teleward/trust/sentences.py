"""One plain sentence for one access: who, what, why, when. The policy that allowed it is the key."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from teleward.access.grants import ActorKind

from .deeds import deed, roles

BECAUSE: dict[str, Promise] = {
    "p-appointment": gettext_lazy("because you have a consultation with them on %(date)s"),
    "p-consult": gettext_lazy("because they hold this consultation with you"),
    "p-booking": gettext_lazy("because they look after the appointments of the practice"),
    "p-desk": gettext_lazy("because they look after the appointments of the practice"),
    "p-entry": gettext_lazy("because they look after the appointments of the practice"),
    "p-privacy-officer": gettext_lazy("because you reported something that looked wrong"),
    "p-guest": gettext_lazy("with the invitation to this consultation"),
    "p-guest-patient": gettext_lazy("with the invitation to this consultation"),
    "p-claim": gettext_lazy("with the invitation to this consultation"),
    "p-self": gettext_lazy("as it is your own"),
    "p-self-visit": gettext_lazy("as it is your own"),
    "p-self-objection": gettext_lazy("as it is your own"),
    "p-system": gettext_lazy("as part of running the service"),
}


def sentence(*, facts: dict[str, Any], who: str, zone: ZoneInfo) -> str:
    """The sentence for the facts of one ledger entry. `who` is the name shown, `zone` the practice's."""
    done = deed(facts["action"])
    if facts["outcome"] == "deny":
        return _("%(who)s was refused: they tried and nothing was shown (%(deed)s).") % {
            "who": who,
            "deed": done,
        }
    why = because(facts=facts, zone=zone)
    if not why:
        return _("%(who)s %(deed)s. We have no recorded reason for this.") % {"who": who, "deed": done}
    return _("%(who)s %(deed)s, %(because)s.") % {"who": who, "deed": done, "because": why}


def because(*, facts: dict[str, Any], zone: ZoneInfo) -> str:
    """The reason in words with the date of its evidence, empty where the policy is not known."""
    template = BECAUSE.get(facts["policy"])
    if template is None:
        return ""
    evidence = facts.get("detail", {}).get("starts_at")
    date = date_format(datetime.fromisoformat(evidence).astimezone(zone), "DATE_FORMAT") if evidence else ""
    return str(template) % {"date": date}


def who(*, facts: dict[str, Any], names: dict[str, str]) -> str:
    """Name and role; where the name is not kept, the role alone."""
    if facts["actor_kind"] == ActorKind.PATIENT.value:
        return pgettext("who looked", "You")
    if facts["actor_kind"] == ActorKind.SYSTEM.value:
        return _("The system")
    if facts["actor_kind"] == ActorKind.NOBODY.value:
        return _("Somebody with your link")
    role = roles(facts["actor_role"])
    name = names.get(facts["actor_id"] or "", "")
    return f"{name} ({role})" if name else role.capitalize() or _("Somebody")
