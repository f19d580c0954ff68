"""One plain sentence for one access: who, what, why, when. The policy that allowed it is the key."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from teleward.access.grants import ActorKind
from teleward.access.queries import explanations

from .deeds import deed, own, roles, tried


def sentence(*, facts: dict[str, Any], names: dict[str, str], zone: ZoneInfo, reader: str = "") -> str:
    """The sentence of one ledger entry. `names` by person, `zone` of the practice, `reader` who asks."""
    if facts["outcome"] == "deny":
        return _refusal(facts=facts, names=names, reader=reader)
    if is_own(facts=facts):
        done = own(facts["action"])
    else:
        done = _("%(who)s %(deed)s") % {"who": who(facts=facts, names=names), "deed": deed(facts["action"])}
    why = because(facts=facts, zone=zone)
    if not why:
        return _("%(done)s. We have no recorded reason for this.") % {"done": done}
    return _("%(done)s, %(because)s.") % {"done": done, "because": why}


def is_own(*, facts: dict[str, Any], reader: str = "") -> bool:
    """Whether the patient did it. Of a refusal that is known only where the reader is the one refused."""
    if facts["outcome"] == "deny":
        return bool(reader and facts["actor_id"] == reader)
    return bool(facts["actor_kind"] == ActorKind.PATIENT.value or facts["actor_role"] == "patient")


def because(*, facts: dict[str, Any], zone: ZoneInfo) -> str:
    """The reason in words with the date of its evidence, empty where the policy is not known."""
    if facts["actor_kind"] == ActorKind.GUEST.value and is_own(facts=facts):
        return _("with your invitation link")
    evidence = facts.get("detail", {}).get("starts_at")
    date = ""
    if evidence:
        date = date_format(datetime.fromisoformat(evidence).astimezone(zone), "DATE_FORMAT")
    return explanations.because(policy=facts["policy"], date=date)


def who(*, facts: dict[str, Any], names: dict[str, str]) -> str:
    """Name and role; where the name is not kept, somebody of that role."""
    if facts["actor_kind"] == ActorKind.SYSTEM.value:
        return _("The system")
    if facts["actor_kind"] == ActorKind.NOBODY.value:
        return _("Somebody with an invitation link")
    if facts["actor_kind"] == ActorKind.PATIENT.value:
        return _("Somebody with a patient account")
    role = roles(facts["actor_role"])
    name = names.get(facts["actor_id"] or "") or _("Somebody")
    return f"{name} ({role})" if role else name


def _refusal(*, facts: dict[str, Any], names: dict[str, str], reader: str) -> str:
    if is_own(facts=facts, reader=reader):
        return _("You were refused here. Nothing was shown or changed.")
    return _("%(who)s %(tried)s and was refused. Nothing was shown or changed.") % {
        "who": who(facts=facts, names=names),
        "tried": tried(facts["action"]),
    }
