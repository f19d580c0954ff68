"""Sensors that measure glucose under the skin all the time."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.continuous_glucose.decoding import GLUCOSE, MEASUREMENT, QUALITY, TREND
from teleward.devices.kinds.continuous_glucose.observation import observe
from teleward.devices.kinds.continuous_glucose.session import BEFORE, Session, decode
from teleward.devices.kinds.kind import Kind, Quantity

KIND = Kind(
    name="continuous-glucose",
    word=_("Glucose sensor"),
    service="181F",
    mdc="528409",
    characteristics=(MEASUREMENT,),
    before=BEFORE,
    quantities=(
        Quantity(
            code=GLUCOSE,
            word=_("Sugar under the skin"),
            unit="mg/dL",
            lowest=Decimal(20),
            highest=Decimal(600),
            jump=Decimal(60),
            typed=("mmol/L",),
        ),
        Quantity(
            code=TREND,
            word=_("Change of the sugar"),
            unit="mg/dL/min",
            lowest=Decimal(-100),
            highest=Decimal(100),
            digits=1,
        ),
        Quantity(
            code=QUALITY,
            word=_("Quality of the measurement"),
            unit="%",
            lowest=Decimal(0),
            highest=Decimal(100),
        ),
    ),
    stale_after=timedelta(minutes=15),
    continuous=True,
    decode=decode,
    begin=lambda: Session().decode,
    observe=observe,
)
