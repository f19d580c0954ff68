"""Sensors that measure glucose under the skin all the time."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.continuous_glucose.decoding import GLUCOSE, MEASUREMENT
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
    ),
    stale_after=timedelta(minutes=15),
    continuous=True,
    decode=decode,
    begin=lambda: Session().decode,
    observe=observe,
)
