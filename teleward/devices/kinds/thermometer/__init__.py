"""Clinical thermometers."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.kind import Kind, Quantity
from teleward.devices.kinds.thermometer.decoding import MEASUREMENT, TEMPERATURE, decode
from teleward.devices.kinds.thermometer.observation import observe

KIND = Kind(
    name="thermometer",
    word=_("Thermometer"),
    service="1809",
    mdc="528392",
    characteristics=(MEASUREMENT,),
    quantities=(
        Quantity(
            code=TEMPERATURE,
            word=_("Body temperature"),
            unit="Cel",
            lowest=Decimal(25),
            highest=Decimal(45),
            jump=Decimal(2),
            digits=1,
            typed=("[degF]",),
        ),
    ),
    stale_after=timedelta(minutes=15),
    decode=decode,
    observe=observe,
)
