"""Readings one by one in words, for the pages of staff and of patients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from teleward.devices.kinds import KINDS
from teleward.devices.queries.history import Line
from teleward.devices.queries.quantities import quantities
from teleward.devices.queries.wrong import Wrong
from teleward.devices.signs import sign
from teleward.devices.templatetags.devices_words import amount

NOBODY: Mapping[UUID, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Told:
    """A reading in words; `wrong` where somebody says so, `by` what measured it and what passed it on."""

    ref: str
    at: datetime
    kind: str | Promise
    values: str
    wrong: Wrong | None
    by: str


def told(lines: Iterable[Line], gateways: Mapping[UUID, str] = NOBODY) -> tuple[Told, ...]:
    """Each of them. `gateways`: what they are called, by pairing; for the patient, who named them."""
    return tuple(
        Told(
            ref=line.ref,
            at=line.at,
            kind=KINDS[line.kind].word,
            values=_hour(line) if line.is_hour else ", ".join(_value(*value) for value in line.values),
            wrong=line.wrong,
            by=_by(line.device, gateways.get(line.names[0][0], "")),
        )
        for line in lines
    )


def _by(device: str, gateway: str) -> str:
    return f"{device} ({gateway})" if device and gateway else device or gateway


def _hour(line: Line) -> str:
    return _("%(n)d values of one hour") % {"n": len(line.names)}


def _value(code: str, value: str) -> str:
    quantity = quantities().get(code)
    if quantity is None:
        return amount(value)
    return f"{quantity.word} {amount(value)} {sign(quantity.unit)}"
