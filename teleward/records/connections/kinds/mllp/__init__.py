"""HL7 v2.5.1 over MLLP: appointments go as SIU, readings as ORU^R01. Nothing can be asked for there."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teleward.records.connections.kind import Delivered, Field, Item, Link, Made, SettingFaulty
from teleward.records.connections.kinds.mllp.wire import Wire, asked, reached
from teleward.records.connections.kinds.mllp.writing import written

SENDS: Final = ("Appointment", "Observation")
FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
SCHEMES: Final = frozenset({"mllp", "mllps"})


class Mllp:
    """The kind `mllp`."""

    words = _("HL7 v2 over MLLP")
    sends = SENDS
    looks = False
    fields = (
        Field(
            name="application",
            label=_("What the other system calls itself (MSH-5)"),
            required=True,
        ),
        Field(name="facility", label=_("Its house (MSH-6)")),
        Field(
            name="own_facility",
            label=_("What our practice is called there (MSH-4)"),
            required=True,
        ),
        Field(
            name="fingerprint",
            label=_("SHA-256 fingerprint of its certificate"),
            hint=_("Empty where its certificate is one that browsers know, too."),
        ),
    )

    def made(self, *, connection: UUID, address: str, typed: Mapping[str, str]) -> Made:
        """Raises SettingFaulty."""
        del connection
        _checked(address)
        digits = typed.get("fingerprint", "").strip().lower().rpartition("=")[2].replace(":", "")
        if digits and not FINGERPRINT.fullmatch(digits):
            raise SettingFaulty("fingerprint", _("A fingerprint has 64 digits and letters from a to f."))
        for name in ("application", "own_facility"):
            if not typed.get(name, "").strip():
                raise SettingFaulty(name, _("Please fill this in."))
        return Made(settings={**typed, "fingerprint": digits})

    def send(self, *, connection: Link, item: Item) -> Delivered:
        """Raises Refused or Unreachable."""
        asked(_wire(connection), written(connection, item))
        return Delivered()

    def test(self, *, connection: Link) -> None:
        """That somebody listens there and proves who it is. Raises Refused or Unreachable."""
        with reached(_wire(connection)):
            pass

    def look(self, *, connection: Link, patient: bytes) -> Mapping[str, Any]:
        """Nothing: this way only sends."""
        del connection, patient
        return {}


def _wire(link: Link) -> Wire:
    parts = urlsplit(link.address)
    return Wire(
        host=str(parts.hostname),
        port=parts.port or 2575,
        is_plain=parts.scheme == "mllp",
        fingerprint=str(link.settings.get("fingerprint", "")),
    )


def _checked(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_good = bool(parts.hostname and parts.port and not parts.username and not parts.path.strip("/"))
    except ValueError:
        is_good, parts = False, urlsplit("")
    if not is_good or parts.scheme not in SCHEMES or not _may_be_plain(parts):
        raise SettingFaulty("address", _("Please give the address as mllps://host:port."))


def _may_be_plain(parts: SplitResult) -> bool:
    own = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "mllps" or own or bool(settings.HL7_PLAIN_BECAUSE)


KIND = Mllp()
