"""Pulse oximeters, read once or all the time."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.kind import Kind, Quantity
from teleward.devices.kinds.pulse_oximeter.decoding import CONTINUOUS, OXYGEN, PERFUSION, PULSE, SPOT, decode
from teleward.devices.kinds.pulse_oximeter.observation import observe

KIND = Kind(
    name="pulse-oximeter",
    word=_("Pulse oximeter"),
    service="1822",
    mdc="528388",
    characteristics=(
        SPOT,
        CONTINUOUS,
    ),
    quantities=(
        Quantity(
            code=OXYGEN,
            word=_("Oxygen in the blood"),
            unit="%",
            lowest=Decimal(50),
            highest=Decimal(100),
            jump=Decimal(10),
        ),
        Quantity(
            code=PULSE,
            word=_("Pulse"),
            unit="/min",
            lowest=Decimal(20),
            highest=Decimal(300),
            jump=Decimal(50),
        ),
        Quantity(
            code=PERFUSION,
            word=_("Strength of the pulse signal"),
            unit="%",
            lowest=Decimal(0),
            highest=Decimal(30),
            jump=Decimal(20),
            digits=1,
        ),
    ),
    stale_after=timedelta(seconds=30),
    continuous=True,
    decode=decode,
    observe=observe,
)
