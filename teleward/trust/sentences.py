"""One plain sentence for one access: who, what, why, when. The policy that allowed it is the key."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teleward.access.grants import ActorKind
from teleward.access.queries import explanations

from .deeds import ARRIVED, ENDS, FILES, PAIRED, deed, own, roles, tried

NOTHING: Mapping[str, str] = MappingProxyType({})
BY_LEAVE = frozenset({"p-proxy", "p-proxy-ledger", "p-proxy-readings"})  # whom the patient gave access


def sentence(
    *,
    facts: dict[str, Any],
    names: Mapping[str, str],
    zone: ZoneInfo,
    reader: str = "",
    reasons: Mapping[str, str] = NOTHING,
) -> str:
    """The sentence of one ledger entry; where something was to be sent, one more says what became of it.

    `names` by person, `zone` of the practice, `reader` who asks, `reasons` the words that were given, by the
    source that the evidence of the entry names.
    """
    if facts["outcome"] == "deny":
        return _refusal(facts=facts, names=names, reader=reader)
    told, end = _told(facts, names, zone, reasons), facts.get("detail", {}).get("tried")
    return told if end is None else f"{told} {ENDS.get(end, ENDS[''])}"


def _told(facts: dict[str, Any], names: Mapping[str, str], zone: ZoneInfo, reasons: Mapping[str, str]) -> str:
    if is_own(facts=facts):
        done = own(facts["action"])
    else:
        done = _("%(who)s %(deed)s") % {"who": who(facts=facts, names=names), "deed": _what(facts)}
    why = because(facts=facts, zone=zone)
    if not why:
        return _("%(done)s. We have no recorded reason for this.") % {"done": done}
    told = _("%(done)s, %(because)s.") % {"done": done, "because": why}
    words = reasons.get(str(facts.get("detail", {}).get("source", "")))
    return _("%(told)s The reason they gave: “%(words)s”") % {"told": told, "words": words} if words else told


def is_own(*, facts: dict[str, Any], reader: str = "") -> bool:
    """Whether the patient did it. Of a refusal that is known only where the reader is the one refused."""
    if facts["outcome"] == "deny":
        return bool(reader and facts["actor_id"] == reader)
    if facts["policy"] in BY_LEAVE:  # by an account of a patient too, but of another one
        return False
    return bool(facts["actor_kind"] == ActorKind.PATIENT.value or facts["actor_role"] == "patient")


def because(*, facts: dict[str, Any], zone: ZoneInfo) -> str:
    """The reason in words with the date of its evidence, empty where the policy is not known."""
    if facts["actor_kind"] == ActorKind.GUEST.value and is_own(facts=facts):
        return _("with your invitation link")
    evidence = facts.get("detail", {}).get("starts_at")
    date = ""
    if evidence:
        date = date_format(datetime.fromisoformat(evidence).astimezone(zone), "DATE_FORMAT")
    by = facts.get("detail", {}).get("by")  # why the person behind a program may
    return explanations.because(policy=by or facts["policy"], date=date)


def who(*, facts: dict[str, Any], names: Mapping[str, str]) -> str:
    """Name and role; where the name is not kept, somebody of that role."""
    if facts["actor_kind"] == ActorKind.SYSTEM.value:
        return _("The system")
    if facts["actor_kind"] == ActorKind.NOBODY.value:
        return _("Somebody with an invitation link")
    if facts["actor_kind"] == ActorKind.DEVICE.value:
        return _("A device at your home")
    if facts["actor_kind"] == ActorKind.CLIENT.value:
        return program(facts=facts, names=names)
    name = names.get(facts["actor_id"] or "")
    if facts["actor_kind"] == ActorKind.PATIENT.value:
        given = facts["policy"] in BY_LEAVE and name
        return given or _("Somebody with a patient account")
    role = roles(facts["actor_role"])
    works_here = facts["actor_kind"] == ActorKind.STAFF.value
    name = name or (_("Somebody from the practice") if works_here else _("Somebody"))
    return f"{name} ({role})" if role else name


def _what(facts: dict[str, Any]) -> str:
    """What was done, with the other system that had to do with it."""
    detail = facts.get("detail", {})
    if detail.get("files") in FILES:
        return str(FILES[detail["files"]])
    if detail.get("did") in PAIRED:
        return str(PAIRED[detail["did"]])
    if "batch" in detail:
        sent = detail["kept"]
        return ngettext("sent %(n)s reading of yours", "sent %(n)s readings of yours", sent) % {"n": sent}
    system, done = detail.get("system"), deed(facts["action"])
    if detail.get("tried") == "delivered":
        done = str(ARRIVED)
    return f"{done} ({system})" if system else done


def program(*, facts: dict[str, Any], names: Mapping[str, str]) -> str:
    """A connected program under its own name, and whose app it is."""
    app = names.get(facts["actor_id"] or "") or _("A connected program")
    detail = facts.get("detail", {})
    if "for" not in detail:
        return app
    if detail["for_kind"] == ActorKind.PATIENT.value:
        return _("%(app)s, an app of yours,") % {"app": app}
    person = names.get(detail["for"]) or _("Somebody from the practice")
    role = roles(detail["for_role"])
    return _("%(app)s, an app that %(person)s (%(role)s) uses,") % {
        "app": app,
        "person": person,
        "role": role,
    }


def _refusal(*, facts: dict[str, Any], names: Mapping[str, str], reader: str) -> str:
    if is_own(facts=facts, reader=reader):
        return _("You were refused here. Nothing was shown or changed.")
    return _("%(who)s %(tried)s and was refused. Nothing was shown or changed.") % {
        "who": who(facts=facts, names=names),
        "tried": tried(facts["action"]),
    }
