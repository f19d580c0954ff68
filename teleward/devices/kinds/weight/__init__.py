"""Scales."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.kind import Kind, Quantity
from teleward.devices.kinds.weight.decoding import HEIGHT, INDEX, MEASUREMENT, WEIGHT, decode
from teleward.devices.kinds.weight.observation import observe

KIND = Kind(
    name="weight",
    word=_("Scale"),
    service="181D",
    mdc="528399",
    characteristics=(MEASUREMENT,),
    quantities=(
        Quantity(
            code=WEIGHT,
            word=_("Body weight"),
            unit="kg",
            lowest=Decimal(2),
            highest=Decimal(350),
            jump=Decimal(5),
            digits=1,
            typed=("[lb_av]",),
        ),
        Quantity(
            code=INDEX,
            word=_("Body mass index"),
            unit="kg/m2",
            lowest=Decimal(5),
            highest=Decimal(120),
            jump=Decimal(2),
            digits=1,
        ),
        Quantity(
            code=HEIGHT,
            word=_("Height"),
            unit="cm",
            lowest=Decimal(30),
            highest=Decimal(250),
            jump=Decimal(5),
            typed=("[in_i]",),
        ),
    ),
    stale_after=timedelta(hours=1),
    decode=decode,
    observe=observe,
)
