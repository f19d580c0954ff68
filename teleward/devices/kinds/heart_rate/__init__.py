"""Heart rate sensors: chest straps, arm bands."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.heart_rate.decoding import INTERVAL, MEASUREMENT, RATE, decode
from teleward.devices.kinds.heart_rate.observation import observe
from teleward.devices.kinds.kind import Kind, Quantity

KIND = Kind(
    name="heart-rate",
    word=_("Heart rate sensor"),
    service="180D",
    mdc="528525",
    characteristics=(MEASUREMENT,),
    quantities=(
        Quantity(
            code=RATE,
            word=_("Heart rate"),
            unit="/min",
            lowest=Decimal(20),
            highest=Decimal(300),
            jump=Decimal(50),
        ),
        Quantity(
            code=INTERVAL,
            word=_("Time between two beats"),
            unit="ms",
            lowest=Decimal(200),
            highest=Decimal(3000),
            jump=Decimal(1000),
        ),
    ),
    stale_after=timedelta(seconds=10),
    continuous=True,
    decode=decode,
    observe=observe,
)
